package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetterLimit;
import dev.bobbin.JobQueue;
import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RetryPolicy;
import dev.bobbin.Verdict;
import dev.bobbin.Verdict.Finding;
import dev.bobbin.Verdict.Kind;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.Crash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each verdict on a real queue, with real producers, workers and files. Only the judge's clock is
 * the test's: a second passes when the test says so.
 */
@Timeout(120)
class VerdictTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** A lone job gets a batch and a handler call of its own. */
  private static final WorkOptions ONE = WorkOptions.workers(1).batch(1);

  private final QueueOptions options =
      QueueOptions.defaults()
          .withRingBytes(1 << 20)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(1))
          .withSubmitTimeout(Duration.ofMillis(1));
  private final Disturbed disk = new Disturbed();
  private final Semaphore permits = new Semaphore(0);

  @TempDir Path directory;
  private Bobbin bobbin;
  private JobQueue<String> queue;
  private QueueCore core;
  private long now;

  private void inMemory(QueueOptions with) {
    open(Bobbin.inMemory(), with);
  }

  private void onDisk(QueueOptions with) {
    open(LocalBobbin.open(directory, disk::storage), with);
  }

  private void open(Bobbin in, QueueOptions with) {
    bobbin = in;
    queue = bobbin.queue("q", Codec.text(), with);
    core = ((LocalQueue<String>) queue).core;
    // Ahead of the true clock, which the timer thread goes by: it finds each sample fresh.
    now = System.nanoTime() + 30 * SECOND;
    seconds(12);
  }

  @AfterEach
  void close() {
    permits.release(1_000_000);
    CountDownLatch gate = disk.gate.getAndSet(null);
    if (gate != null) {
      gate.countDown();
    }
    try {
      bobbin.close();
    } catch (dev.bobbin.BobbinException e) {
      assertThat(disk.broken.get()).as("only a broken disk may fail the close: " + e).isNotNull();
    }
  }

  private Verdict second() {
    now += SECOND;
    return core.status.sample(now).verdict();
  }

  private Verdict seconds(int seconds) {
    Verdict verdict = second();
    for (int i = 1; i < seconds; i++) {
      verdict = second();
    }
    return verdict;
  }

  private static void is(Verdict verdict, Kind kind) {
    assertThat(verdict.kind()).as(verdict.toString()).isEqualTo(kind);
  }

  private void submit(int jobs) {
    for (int i = 0; i < jobs; i++) {
      queue.submit("job");
    }
  }

  private void acked(long jobs) {
    Crash.await(jobs + " acked", () -> core.counters.acked.sum() == jobs);
  }

  /**
   * As {@link #acked}, with more jobs left: the worker waits for a permit with the next in hand.
   */
  private void ackedAndNextInHand(long jobs) {
    acked(jobs);
    // In this order: it is idle for a moment after the one, and takes the next before it is busy.
    Crash.await("the next is taken", () -> queue.status().counts().inFlight() == 1);
    Crash.await("and in hand", () -> queue.status().workers().idle() == 0);
  }

  @Test
  void queueThatKeepsUpIsHealthy() {
    inMemory(options);
    queue.work(ONE, job -> {});
    for (int i = 1; i <= 30; i++) {
      submit(100);
      acked(i * 100L);
      is(second(), Kind.HEALTHY);
    }
    assertThat(queue.status().verdict().reason())
        .isEqualTo("keeping up: 100 jobs/s in, 100 out, 0 jobs ready");
    assertThat(queue.status().rates().in()).isEqualTo(100);
    assertThat(queue.status().history()).hasSize(1);
  }

  @Test
  void pausedQueueSaysSoUntilItIsResumed() {
    inMemory(options);
    // Paused first: a worker that is about to take what there is would take one of them.
    queue.pause();
    queue.work(ONE, job -> {});
    submit(3);
    is(second(), Kind.PAUSED);
    assertThat(second().reason()).isEqualTo("paused: 3 jobs are ready");
    queue.resume();
    acked(3);
    is(seconds(2), Kind.HEALTHY);
  }

  @Test
  void drainedQueueSaysSoUntilItIsResumed() {
    inMemory(options);
    assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
    is(second(), Kind.DRAINING);
    queue.resume();
    is(seconds(2), Kind.HEALTHY);
  }

  @Test
  void queueWhoseWorkersDoTooLittleFallsBehindAndCatchesUp() {
    // On the test's clock a flush that is under way has taken half a minute: none here.
    onDisk(
        options
            .withFlushInterval(Duration.ofSeconds(10))
            .withLimits(Limits.DEFAULT.withJobs(20_000)));
    queue.work(ONE, job -> permits.acquire());
    Verdict verdict = second();
    for (int i = 1; i <= 40; i++) {
      submit(100);
      permits.release(60);
      ackedAndNextInHand(i * 60L);
      verdict = second();
    }
    is(verdict, Kind.FALLING_BEHIND);
    // 18,400 places are left, at 40 a second.
    assertThat(verdict.reason())
        .isEqualTo(
            "falling behind: 100 jobs/s in, 60 out; full in 7 min 40 s; 1 of 1 workers busy");
    assertThat(queue.status().limits().fullIn()).contains(Duration.ofSeconds(460));
    permits.release(1_600);
    acked(4_000);
    is(seconds(40), Kind.HEALTHY);
  }

  @Test
  void ringInMemoryIsTheLimitOfWhatWaitsInIt() {
    inMemory(options);
    queue.work(ONE, job -> permits.acquire());
    for (int i = 1; i <= 40; i++) {
      submit(100);
      permits.release(60);
      acked(i * 60L);
      second();
    }
    // 40 jobs a second of 48 bytes are 369 s; what is finished leaves the ring 16 KiB at a time.
    assertThat(queue.status().limits().fullIn().orElseThrow())
        .isBetween(Duration.ofSeconds(290), Duration.ofSeconds(380));
  }

  @Test
  void handlerThatBecomesSlowIsNamed() {
    inMemory(options);
    queue.work(ONE, job -> permits.acquire());
    submit(2_000);
    for (int i = 1; i <= 60; i++) {
      permits.release(10);
      ackedAndNextInHand(i * 10L);
      is(second(), Kind.HEALTHY);
    }
    Verdict verdict = second();
    for (int i = 1; i <= 25; i++) {
      permits.release(1);
      ackedAndNextInHand(600 + i);
      verdict = second();
    }
    is(verdict, Kind.SLOW_WORKERS);
    // A second and a tenth, less the true time in which the worker was between two jobs.
    assertThat(verdict.reason())
        .matches(
            "slow workers: .*VerdictTest \\(lambda\\) takes ([5-9].. ms|1\\.. s) a job,"
                + " usually ([5-9].|1..) ms \\(p99 .*\\), and 1,37. jobs wait");
  }

  @Test
  void failuresAreARetrySpikeWithTheirError() {
    inMemory(options.withRetry(RetryPolicy.never()));
    AtomicLong fail = new AtomicLong();
    queue.work(
        ONE,
        job -> {
          if (fail.get() > 0) {
            throw new IOException("no route to 10.0.0." + fail.incrementAndGet());
          }
        });
    submit(100);
    acked(100);
    is(seconds(12), Kind.HEALTHY);
    fail.set(1);
    submit(30);
    Crash.await("30 failed", () -> queue.status().totals().died() == 30);
    is(second(), Kind.HEALTHY);
    Verdict verdict = seconds(3);
    is(verdict, Kind.RETRY_SPIKE);
    assertThat(verdict.reason())
        .isEqualTo(
            "retry spike: 100 % of deliveries failed in the last 10 s (30 of 30); most often"
                + " java.io.IOException: no route to #.#.#.#");
    assertThat(queue.status().totals().failed()).isEqualTo(30);
    fail.set(0);
    submit(50);
    acked(150);
    is(seconds(80), Kind.HEALTHY);
  }

  @Test
  void forceThatDoesNotReturnIsASlowDisk() {
    onDisk(options);
    queue.work(ONE, job -> {});
    submit(1);
    queue.sync();
    is(second(), Kind.HEALTHY);
    CountDownLatch gate = new CountDownLatch(1);
    disk.gate.set(gate);
    submit(1);
    Crash.await("the force hangs", () -> disk.held.get() == 1);
    Verdict verdict = seconds(15);
    is(verdict, Kind.SLOW_DISK);
    assertThat(verdict.reason()).startsWith("slow disk: 100 % of the time");
    assertThat(queue.status().durability().notDurableBytes()).isPositive();
    disk.gate.set(null);
    gate.countDown();
    queue.sync();
    Crash.await("nothing moves", () -> !core.flushing.isMoving());
    is(seconds(60), Kind.HEALTHY);
    assertThat(queue.status().durability().notDurableBytes()).isZero();
  }

  @Test
  void jobLimitIsFullAndSaysSo() {
    inMemory(options.withLimits(Limits.DEFAULT.withJobs(10)));
    submit(10);
    is(second(), Kind.HEALTHY);
    assertThat(queue.trySubmit("one more").accepted()).isFalse();
    Verdict verdict = second();
    is(verdict, Kind.FULL);
    assertThat(verdict.reason())
        .startsWith("full: the limit of 10 unfinished jobs is reached")
        .contains("1 submit was refused");
    queue.work(ONE, job -> {});
    acked(10);
    is(seconds(60), Kind.HEALTHY);
  }

  @Test
  void producerThatWaitsForRoomMeansFull() throws Exception {
    inMemory(options.withSubmitTimeout(Duration.ofDays(1)).withLimits(Limits.DEFAULT.withJobs(10)));
    submit(10);
    Thread producer = new Thread(() -> submit(1));
    producer.start();
    Crash.await("it waits", () -> core.admission.waits().waiting() == 1);
    Verdict verdict = seconds(8);
    is(verdict, Kind.FULL);
    assertThat(verdict.reason()).startsWith("full: the limit of 10 unfinished jobs is reached");
    queue.work(ONE, job -> {});
    producer.join();
  }

  @Test
  void fullDiskIsFullAndLeftWhenThereIsSpaceAgain() {
    onDisk(options);
    disk.full.set(true);
    String payload = "x".repeat(10_000);
    Crash.await(
        "the disk is full",
        () -> {
          queue.trySubmit(payload);
          return core.admission.isClosedFor(Refusal.DISK_FULL);
        });
    Verdict verdict = second();
    is(verdict, Kind.FULL);
    assertThat(verdict.reason())
        .isEqualTo("full: the disk has no room for another journal segment");
    disk.full.set(false);
    queue.work(WorkOptions.workers(1), job -> {});
    Crash.await("submits go on", () -> queue.trySubmit("x").accepted());
    Crash.await("all done", () -> queue.status().unfinished() == 0 && !core.flushing.isMoving());
    is(seconds(60), Kind.HEALTHY);
  }

  @Test
  void deadLettersThatMakeWorkersPauseMeanFull() {
    inMemory(
        options.withRetry(RetryPolicy.never()).withDeadLetters(DeadLetterLimit.pausingWorkers(3)));
    queue.work(
        ONE,
        job -> {
          throw new IllegalStateException("no");
        });
    submit(5);
    Crash.await("3 dead", () -> queue.status().counts().dead() == 3);
    Verdict verdict = second();
    is(verdict, Kind.FULL);
    assertThat(verdict.reason())
        .isEqualTo("full: 3 dead letters are as many as are kept, workers pause");
    queue.deadLetters().purgeAll();
    Crash.await("5 died", () -> queue.status().totals().died() == 5);
    assertThat(queue.status().counts().dead()).isEqualTo(2);
  }

  @Test
  void brokenDiskHasFailedAtOnce() {
    onDisk(options);
    IOException broken = new IOException("Input/output error");
    disk.broken.set(broken);
    submit(1);
    Crash.await("it fails", () -> queue.status().failure().isPresent());
    Verdict verdict = queue.status().verdict();
    is(verdict, Kind.FAILED);
    assertThat(verdict.reason()).contains("Input/output error");
    is(seconds(100), Kind.FAILED);
  }

  @Test
  void workerThatHoldsItsBatchBeyondItsLeaseIsStuck() {
    inMemory(options);
    queue.work(ONE.lease(Duration.ofSeconds(20)), job -> permits.acquire());
    submit(1);
    Crash.await("it is in hand", () -> queue.status().workers().idle() == 0);
    // The worker's clock is the true one, the judge's is ahead of it by 42 s.
    Verdict verdict = second();
    is(verdict, Kind.STUCK_WORKER);
    assertThat(verdict.reason()).contains(VerdictTest.class.getName(), "its lease is 20 s");
    permits.release(1);
    Crash.await("it is done with", () -> queue.status().workers().idle() == 1);
    is(seconds(7), Kind.HEALTHY);
  }

  @Test
  void jobsThatNobodyWorksOnAreReported() {
    inMemory(options);
    submit(3);
    Verdict verdict = seconds(12);
    is(verdict, Kind.NO_WORKERS);
    assertThat(verdict.reason()).isEqualTo("no worker runs, and 3 jobs are ready");
    queue.work(ONE, job -> {});
    acked(3);
    is(second(), Kind.HEALTHY);
    assertThat(queue.status().history())
        .extracting(Verdict::kind)
        .containsExactly(Kind.HEALTHY, Kind.NO_WORKERS, Kind.HEALTHY);
  }

  @Test
  void twoThingsAtOnceAreBothSaid() {
    inMemory(options.withRetry(RetryPolicy.never()).withLimits(Limits.DEFAULT.withJobs(50)));
    submit(50);
    assertThat(queue.trySubmit("one more").accepted()).isFalse();
    queue.work(
        ONE,
        job -> {
          throw new IllegalStateException("no");
        });
    Crash.await("50 died", () -> queue.status().totals().died() == 50);
    Verdict verdict = seconds(4);
    is(verdict, Kind.FULL);
    assertThat(verdict.also()).extracting(Finding::kind).containsExactly(Kind.RETRY_SPIKE);
  }
}
