package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts of the caller and of the queues' own threads close no file. */
@Timeout(120)
class InterruptsTest {
  @TempDir Path directory;

  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  @Test
  void opensOnAnInterruptedThread() {
    Thread.currentThread().interrupt();
    Bobbin.open(directory).close();
    Bobbin.openExisting(directory).close();
    assertThat(Thread.currentThread().isInterrupted()).as("the flag stays set").isTrue();
  }

  /**
   * As a launcher does that interrupts a whole thread group when the program's main method ends.
   */
  @Test
  void ownThreadsTakeNoNoticeOfInterrupts() {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue("jobs", Codec.text());
      for (int i = 0; i < 20; i++) {
        List<Thread> own = ownThreads();
        assertThat(own).isNotEmpty();
        own.forEach(Thread::interrupt);
        queue.submit("job " + i);
        queue.sync();
      }
      assertThat(queue.status().failure()).isEmpty();
      try (Lease<String> lease = queue.take(100, Duration.ofSeconds(60))) {
        assertThat(lease.ackAll()).isEqualTo(20);
      }
    }
  }

  private static List<Thread> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("bobbin-(io|timer)"))
        .toList();
  }
}
