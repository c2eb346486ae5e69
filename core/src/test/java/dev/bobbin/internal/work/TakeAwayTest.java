package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.SteppedTime;
import dev.bobbin.internal.local.Inside;
import dev.bobbin.internal.local.LocalBobbin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others see of a batch that is taken away from a worker whose handler hangs. */
@Timeout(120)
class TakeAwayTest {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final WorkOptions ONE = WorkOptions.workers(1).lease(LEASE);

  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final SteppedTime time = new SteppedTime();
  private final LocalBobbin bobbin = LocalBobbin.in(null, time);
  private final JobQueue<String> queue =
      bobbin.queue("q", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));

  @AfterEach
  void close() {
    release.countDown();
    bobbin.close();
  }

  private void hang() throws InterruptedException {
    hanging.countDown();
    release.await();
  }

  @Test
  void workerIsCountedAsStuckBeforeItsJobsCanGoOn() throws Exception {
    queue.submitAll(List.of("a", "b"));
    Workers workers = queue.workBatches(ONE, batch -> hang());
    hanging.await();
    // Whoever gives jobs to others needs this monitor, and so comes no further; what the timing
    // thread had to load before, it has loaded.
    assertThat(bobbin.awaitTimer(TimeUnit.SECONDS.toNanos(60))).isTrue();
    synchronized (Inside.desk(queue).lanes()) {
      time.step(LEASE);
      Crash.await("a stuck worker", () -> workers.stuck().size() == 1);
      assertThat(workers.stuck().get(0).jobs()).isEqualTo(2);
      assertThat(Inside.counters(queue).stuck.sum()).isEqualTo(1);
      assertThat(Inside.counters(queue).leasesLost.sum()).isEqualTo(2);
      assertThat(Inside.desk(queue).loadedJobs()).isZero();
    }
    assertThat(Crash.take(queue, 2)).extracting(Crash.Delivered::payload).contains("a", "b");
  }

  @Test
  void failureOfAJobInABatchThatIsTakenAwayIsCounted() throws Exception {
    queue.submitAll(List.of("fails", "hangs"));
    queue.workBatches(
        ONE,
        batch -> {
          batch.job(0).retry(Duration.ofDays(1), "for a reason");
          hang();
        });
    hanging.await();
    time.step(LEASE);
    Crash.await("a lease ends", () -> Inside.counters(queue).leasesLost.sum() == 1);
    // Counted when the job has been put off.
    Crash.await("a failure", () -> queue.status().totals().failed() == 1);
    assertThat(queue.status().totals().retried()).isEqualTo(1);
  }
}
