package dev.bobbin;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.SteppedTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Has one queue of texts, "q", open during each test: a small one that is flushed all the time. */
abstract class OneQueue {
  /** Longer than anything takes. */
  static final Duration LONG = Duration.ofSeconds(60);

  /** The queue's clocks. */
  final SteppedTime time = new SteppedTime();

  final Backend backend;
  final QueueOptions options;
  Bobbin bobbin;
  JobQueue<String> queue;

  @TempDir Path directory;

  /** Jobs that fail are tried again at once, {@code attempts} times in all. */
  OneQueue(Backend backend, int attempts) {
    this.backend = backend;
    this.options =
        QueueOptions.defaults()
            .withRingBytes(256 << 10)
            .withSegmentBytes(1 << 20)
            .withFlushInterval(Duration.ofMillis(5))
            .withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(attempts));
  }

  @BeforeEach
  void open() {
    bobbin = backend.open(directory, time);
    queue = bobbin.queue("q", Codec.text(), options);
  }

  @AfterEach
  void close() {
    bobbin.close();
  }
}
