package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps of a wall clock that passes by itself, and of which nobody tells the queue. */
@Timeout(120)
class ClockStepTest {
  private final AtomicLong ahead = new AtomicLong();
  private final Time time =
      new Time() {
        @Override
        public long wallMillis() {
          return Time.system().wallMillis() + ahead.get();
        }

        @Override
        public long nanos() {
          return Time.system().nanos();
        }
      };

  @Test
  void stepForwardMakesDelayedJobsDue() {
    try (LocalBobbin bobbin = LocalBobbin.in(null, time)) {
      JobQueue<String> queue =
          bobbin.queue("jobs", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));
      queue.submit("tomorrow", Duration.ofHours(12));
      assertThat(queue.take(1, Duration.ofMillis(50)).isEmpty()).isTrue();
      ahead.set(Duration.ofHours(12).toMillis());
      try (Lease<String> lease = queue.take(1, Duration.ofSeconds(60))) {
        assertThat(lease).extracting(LeasedJob::payload).containsExactly("tomorrow");
      }
    }
  }
}
