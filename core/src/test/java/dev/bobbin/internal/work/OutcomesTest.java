package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Batch;
import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job after each thing that a handler may do. In memory unless it says so. */
@Timeout(120)
class OutcomesTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(3));

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Bobbin bobbin = Bobbin.inMemory();

  @TempDir Path directory;

  @AfterEach
  void close() {
    bobbin.close();
  }

  private JobQueue<String> queue() {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  private JobQueue<String> onDirectory() {
    bobbin.close();
    bobbin = Bobbin.open(directory);
    return queue();
  }

  private void expect(String... deliveries) throws InterruptedException {
    for (String delivery : deliveries) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(delivery);
    }
  }

  private static DeadLetter onlyDead(JobQueue<String> queue) {
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    return queue.deadLetters().list(10).get(0);
  }

  private interface Outcome {
    void give(Job<String> job);
  }

  private Workers each(JobQueue<String> queue, Outcome outcome) {
    return queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            seen.add(job.payload() + job.attempt());
            outcome.give(job);
          }
        });
  }

  private static void settled(JobQueue<String> queue) {
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().failure()).isEmpty();
  }

  @Test
  void returningAcks() throws Exception {
    JobQueue<String> queue = queue();
    queue.work(1, seen::add);
    queue.submit("a");
    expect("a");
    settled(queue);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(seen).isEmpty();
  }

  @Test
  void throwingRetriesUntilAttemptsAreUsedUp() throws Exception {
    JobQueue<String> queue = queue();
    queue.work(
        1,
        payload -> {
          seen.add(payload);
          throw new IllegalStateException("no " + payload);
        });
    queue.submit("a");
    expect("a", "a", "a");
    DeadLetter letter = onlyDead(queue);
    assertThat(letter.attempts()).isEqualTo(3);
    assertThat(letter.reason()).isEqualTo("java.lang.IllegalStateException: no a");
    assertThat(letter.payload()).isEqualTo(new byte[] {'a'});
    settled(queue);
    assertThat(queue.status().totals().retried()).isEqualTo(2);
    assertThat(seen).isEmpty();
  }

  @Test
  void errorIsAFailureLikeAnyOther() throws Exception {
    JobQueue<String> queue = queue();
    queue.work(
        1,
        payload -> {
          seen.add(payload);
          throw new StackOverflowError();
        });
    queue.submit("a");
    expect("a", "a", "a");
    assertThat(onlyDead(queue).reason()).isEqualTo("java.lang.StackOverflowError");
    settled(queue);
  }

  @Test
  void rawHandlerThatThrowsRetries() throws Exception {
    JobQueue<String> queue = queue();
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          seen.add((char) job.getByte(0) + "" + job.attempt() + job.length());
          assertThatThrownBy(() -> job.getByte(1)).isInstanceOf(IndexOutOfBoundsException.class);
          assertThatThrownBy(() -> job.getLong(0)).isInstanceOf(IndexOutOfBoundsException.class);
          if (job.attempt() < 3) {
            throw new IllegalStateException();
          }
        });
    queue.submit("a");
    expect("a11", "a21", "a31");
    settled(queue);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void retryWithADelayComesBackAfterIt() throws Exception {
    JobQueue<String> queue = queue();
    long began = System.currentTimeMillis();
    each(
        queue,
        job -> {
          if (job.attempt() == 1) {
            job.retry(Duration.ofMillis(150), "later");
          }
        });
    queue.submit("a");
    expect("a1", "a2");
    assertThat(System.currentTimeMillis() - began).isGreaterThanOrEqualTo(150);
    settled(queue);
  }

  @Test
  void snoozeUsesUpNoAttempt() throws Exception {
    JobQueue<String> queue = queue();
    AtomicInteger times = new AtomicInteger();
    each(
        queue,
        job -> {
          if (times.incrementAndGet() < 10) {
            job.snooze(Duration.ZERO);
          }
        });
    queue.submit("a");
    expect("a1", "a1", "a1", "a1", "a1", "a1", "a1", "a1", "a1", "a1");
    settled(queue);
    assertThat(queue.status().totals().snoozed()).isEqualTo(9);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void rejectSetsAsideAtOnce() throws Exception {
    JobQueue<String> queue = queue();
    each(queue, job -> job.reject("bad address"));
    queue.submit("a");
    DeadLetter letter = onlyDead(queue);
    assertThat(letter.reason()).isEqualTo("bad address");
    assertThat(letter.attempts()).isEqualTo(1);
    settled(queue);
  }

  /** {@code job.reject(e.getMessage())} is what people write, and messages may be null. */
  @Test
  void outcomesTakeAMissingText() throws Exception {
    JobQueue<String> queue = queue();
    each(
        queue,
        job -> {
          if (job.attempt() == 1) {
            job.retry((String) null);
          } else {
            job.reject(null);
          }
        });
    queue.submit("a");
    assertThat(onlyDead(queue).reason()).isEmpty();
    settled(queue);
  }

  @Test
  void secondOutcomeThrowsAndTheFirstStays() throws Exception {
    JobQueue<String> queue = queue();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    each(
        queue,
        job -> {
          job.ack();
          try {
            job.reject("too late");
          } catch (IllegalStateException e) {
            thrown.set(e);
          }
        });
    queue.submit("a");
    expect("a1");
    settled(queue);
    assertThat(thrown.get()).isNotNull();
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void badDelayThrowsAndGivesNoOutcome() throws Exception {
    JobQueue<String> queue = queue();
    AtomicInteger refused = new AtomicInteger();
    each(
        queue,
        job -> {
          for (Duration bad : List.of(Duration.ofMillis(-1), Duration.ofDays(3651))) {
            assertThatThrownBy(() -> job.snooze(bad)).isInstanceOf(IllegalArgumentException.class);
            refused.incrementAndGet();
          }
        });
    queue.submit("a");
    expect("a1");
    settled(queue);
    assertThat(refused).hasValue(2);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
  }

  /** Jobs that got an outcome keep it; those without one are retried. */
  @Test
  void batchHandlerThatThrowsHalfWayRetriesTheRest() throws Exception {
    JobQueue<String> queue = onDirectory();
    queue.submitAll(List.of("a", "b", "c", "d"));
    queue.workBatches(WorkOptions.workers(1), this::halfWay);
    settled(queue);
    assertThat(seen).containsExactlyInAnyOrder("a1", "b1", "c1", "d1", "c2", "d2");
    assertThat(onlyDead(queue).reason()).isEqualTo("b is bad");
    assertThat(queue.status().totals().acked()).isEqualTo(3);
  }

  private void halfWay(Batch<String> batch) {
    for (Job<String> job : batch) {
      seen.add(job.payload() + job.attempt());
    }
    if (batch.job(0).attempt() == 1) {
      assertThat(batch.size()).isEqualTo(4);
      batch.job(0).ack();
      batch.job(1).reject("b is bad");
      throw new IllegalStateException("half-way");
    }
  }

  @Test
  void jobThatCannotBeDecodedIsSetAsideWithoutItsNeighbours() throws Exception {
    JobQueue<byte[]> bytes = onDirectoryBytes();
    bytes.submitAll(List.of(new byte[] {'a'}, new byte[] {(byte) 0xff}, new byte[] {'b'}));
    bobbin.close();
    JobQueue<String> queue = onDirectory();
    queue.work(1, seen::add);
    expect("a", "b");
    DeadLetter letter = onlyDead(queue);
    assertThat(letter.reason()).contains("cannot be decoded", "not UTF-8");
    assertThat(letter.payload()).isEqualTo(new byte[] {(byte) 0xff});
    settled(queue);
  }

  private JobQueue<byte[]> onDirectoryBytes() {
    bobbin.close();
    bobbin = Bobbin.open(directory);
    return bobbin.queue("q", Codec.bytes(), OPTIONS);
  }

  @Test
  void payloadThatCannotBeEncodedIsRefusedAndNothingIsQueued() {
    JobQueue<String> queue = queue();
    assertThatThrownBy(() -> queue.submit("\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
    assertThat(queue.status().unfinished()).isZero();
  }

  @Test
  void submittingFromAHandlerWorks() throws Exception {
    JobQueue<String> queue = queue();
    queue.work(
        1,
        payload -> {
          seen.add(payload);
          if (payload.length() < 5) {
            queue.submit(payload + "a");
          }
        });
    queue.submit("a");
    expect("a", "aa", "aaa", "aaaa", "aaaaa");
    settled(queue);
  }

  @Test
  void stoppingFromAHandlerFinishesItsBatch() throws Exception {
    JobQueue<String> queue = queue();
    AtomicReference<Workers> workers = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    workers.set(
        queue.work(
            1,
            payload -> {
              started.await();
              seen.add(payload);
              workers.get().close();
            }));
    started.countDown();
    queue.submit("a");
    expect("a");
    workers.get().close();
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    queue.submit("b");
    assertThat(queue.status().counts().ready()).isEqualTo(1);
  }

  @Test
  void closingFromAHandlerIsRefused() throws Exception {
    JobQueue<String> queue = onDirectory();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    queue.work(
        1,
        payload -> {
          try {
            bobbin.close();
          } catch (IllegalStateException e) {
            thrown.set(e);
          }
          seen.add(payload);
        });
    queue.submit("a");
    expect("a");
    assertThat(thrown.get()).isNotNull().hasMessageContaining("Workers.stop");
    settled(queue);
  }

  @Test
  void closeWaitsForTheHandler() throws Exception {
    JobQueue<String> queue = onDirectory();
    CountDownLatch inHandler = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    queue.work(
        1,
        payload -> {
          inHandler.countDown();
          go.await();
          seen.add(payload);
        });
    queue.submit("a");
    inHandler.await();
    Thread closer = new Thread(queue::close);
    closer.start();
    Crash.await("close waits", () -> closer.getState() == Thread.State.WAITING);
    assertThat(seen).isEmpty();
    go.countDown();
    closer.join();
    assertThat(seen).containsExactly("a");
    assertThat(onDirectory().recovery().unfinished()).isZero();
  }

  @Test
  void interruptOfAHandlerDoesNotDisturbTheQueue() throws Exception {
    JobQueue<String> queue = onDirectory();
    queue.work(
        1,
        payload -> {
          seen.add(payload);
          Thread.currentThread().interrupt();
        });
    for (int i = 0; i < 20; i++) {
      queue.submit("a" + i);
      queue.sync();
      expect("a" + i);
    }
    settled(queue);
  }

  /** An interrupted worker that has nothing to do goes back to sleep instead of spinning. */
  @Test
  void interruptOfAnIdleWorkerDoesNotKeepItAwake() throws Exception {
    JobQueue<String> queue = queue();
    AtomicReference<Thread> thread = new AtomicReference<>();
    queue.work(
        WorkOptions.workers(1)
            .threadsFrom(
                runnable -> {
                  Thread made = new Thread(runnable);
                  made.setDaemon(true);
                  thread.set(made);
                  return made;
                }),
        seen::add);
    Crash.await("idle", () -> thread.get().getState() == Thread.State.WAITING);
    thread.get().interrupt();
    Crash.await("took notice", () -> !thread.get().isInterrupted());
    Crash.await("idle again", () -> thread.get().getState() == Thread.State.WAITING);
    queue.submit("a");
    expect("a");
  }

  /** The reserve must not be used up by reasons: a full ring of jobs, all rejected. */
  @Test
  void fullRingOfRejectedJobsWithLongReasonsGoesThrough() {
    JobQueue<String> queue = queue();
    int jobs = 0;
    while (queue.trySubmit("job").accepted()) {
      jobs++;
    }
    String reason = "r".repeat(1000);
    queue.workBatches(WorkOptions.workers(1), batch -> batch.forEach(job -> job.reject(reason)));
    settled(queue);
    assertThat(queue.deadLetters().count()).isEqualTo(jobs);
  }

  @Test
  void fullRingOfFailingJobsGoesThrough() {
    JobQueue<String> queue = onDirectory();
    int jobs = 0;
    String payload = "p".repeat(500);
    while (queue.trySubmit(payload).accepted()) {
      jobs++;
    }
    queue.workBatches(
        WorkOptions.workers(4),
        batch -> {
          throw new IllegalStateException("always");
        });
    int all = jobs;
    Crash.await("all are dead", () -> queue.deadLetters().count() == all);
    settled(queue);
  }

  @Test
  void batchSizerGrowsWhileBatchesAreShortAndShrinksWhenTheyAreLong() {
    BatchSizer sizer = BatchSizer.byTime(64);
    assertThat(sizer.next()).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      sizer.end(sizer.next(), 999_999);
    }
    assertThat(sizer.next()).isEqualTo(32);
    sizer.end(31, 999_999);
    assertThat(sizer.next()).as("a batch that was not full says nothing").isEqualTo(32);
    sizer.end(32, 1_500_000);
    assertThat(sizer.next()).isEqualTo(32);
    int before = sizer.next();
    sizer.end(before, 2_000_001);
    assertThat(sizer.next()).isEqualTo(before / 2);
    assertThat(BatchSizer.fixed(7).next()).isEqualTo(7);
  }
}
