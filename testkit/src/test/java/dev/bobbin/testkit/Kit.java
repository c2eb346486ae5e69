package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.JobQueue;
import dev.bobbin.LeasedJob;
import dev.bobbin.QueueOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the tests of the kit share. */
final class Kit {
  /** For waits that end by an event: long enough for a busy machine. */
  static final Duration LONG = Duration.ofSeconds(20);

  private Kit() {}

  /** Small and quick to flush. */
  static QueueOptions options() {
    return QueueOptions.defaults()
        .withRingBytes(256 << 10)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(1));
  }

  /**
   * Takes everything that is ready, acks it, and returns the payloads. What was recovered may still
   * be on its way from the disk, and what is ready may turn out to have expired.
   */
  static <T> List<T> takeAll(JobQueue<T> queue) {
    List<T> taken = new ArrayList<>();
    long began = System.nanoTime();
    while (queue.status().counts().ready() > 0) {
      assertThat(System.nanoTime() - began).isLessThan(LONG.toNanos());
      try (var lease = queue.take(1000, Duration.ofMillis(10))) {
        for (LeasedJob<T> job : lease) {
          taken.add(job.payload());
          job.ack();
        }
      }
    }
    return taken;
  }
}
