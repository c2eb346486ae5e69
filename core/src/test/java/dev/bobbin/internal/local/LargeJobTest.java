package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are larger than what the journal writes at once. */
@Timeout(120)
class LargeJobTest {
  @TempDir Path directory;

  @Test
  void largestJobIsJournaledAndComesBack() throws Exception {
    comesBack(QueueOptions.defaults(), true);
  }

  @Test
  void largestJobComesBackFromTheRing() throws Exception {
    // No flush may come between the copies of the journal and of the ring.
    comesBack(QueueOptions.defaults().withFlushInterval(Duration.ofSeconds(10)), false);
  }

  @Test
  void largestJobOfASmallSegmentIsJournaled() throws Exception {
    comesBack(QueueOptions.defaults().withSegmentBytes(1 << 20), true);
  }

  private void comesBack(QueueOptions options, boolean sync) throws Exception {
    byte[] payload = new byte[options.maxPayloadBytes()];
    Arrays.fill(payload, (byte) 7);
    Path dead;
    try (Bobbin bobbin = Bobbin.open(directory.resolve("live"))) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), options);
      queue.submit(payload);
      if (sync) {
        queue.sync();
      }
      dead = Crash.processDeath(directory.resolve("live"), directory.resolve("dead"));
    }
    try (Bobbin bobbin = Bobbin.open(dead)) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), options);
      CompletableFuture<byte[]> got = new CompletableFuture<>();
      queue.work(WorkOptions.workers(1), got::complete);
      assertThat(got.get(60, TimeUnit.SECONDS)).isEqualTo(payload);
    }
  }
}
