package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Idle queues cost no thread each: the clients have some, the queues none. */
class IdleThreadsTest {
  @Test
  void manyIdleQueuesShareAFewThreads() {
    KafkaOptions options = SharedBroker.options();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (Bobbin bobbin = KafkaBobbin.connect(options)) {
      for (int i = 0; i < 10; i++) {
        bobbin.queue("queue-" + i, Codec.text()).submit("job");
      }
      Patience.until("those that opened the queues are gone", () -> more(before).size() <= 8);
      assertThat(more(before)).hasSizeBetween(4, 8);
    }
  }

  private static Set<Thread> more(Set<Thread> before) {
    Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
    now.removeAll(before);
    return now;
  }
}
