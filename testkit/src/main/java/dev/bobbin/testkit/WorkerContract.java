package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.QueueStatus.Totals;
import dev.bobbin.StuckWorker;
import dev.bobbin.Throttle;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever a handler does, its job goes on, and only failures use up attempts. */
interface WorkerContract extends ContractSetup {
  @Test
  default void handlerThatTakesTooLongIsInterruptedAndFails() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.work(
        WorkOptions.workers(1).timeout(Duration.ofMillis(20)),
        payload -> {
          if (queue.status().totals().failed() == 0) {
            new CountDownLatch(1).await();
          }
          seen.add(payload);
        });
    queue.submit("job");
    assertThat(seen.next()).isEqualTo("job");
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.status().totals().failed()).isEqualTo(1);
    await(() -> !queue.status().errors().kinds().isEmpty());
    assertThat(queue.status().errors().kinds().get(0).error()).contains("timed out");
  }

  @Test
  default void workerOutlivesAnError() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    AtomicInteger calls = new AtomicInteger();
    queue.work(
        1,
        payload -> {
          if (calls.incrementAndGet() == 1) {
            throw new StackOverflowError("deliberate");
          }
          seen.add(payload);
        });
    queue.submit("job");
    assertThat(seen.next()).isEqualTo("job");
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(calls).hasValue(2);
  }

  @Test
  default void whatAStuckHandlerHoldsGoesToOthersWithoutAnAttempt() {
    JobQueue<String> queue = queue();
    long stuck = 0;
    // Whoever gets the job next has as long as the one who lost it: a slow machine gets more time.
    for (long millis = 20; millis <= 8_000 && stuck != 1; millis *= 20) {
      long before = queue.status().totals().leasesLost();
      letOneHandlerGetStuck(queue, Duration.ofMillis(millis));
      stuck = queue.status().totals().leasesLost() - before;
    }
    assertThat(stuck).isEqualTo(1);
  }

  /** One job is acked; whoever had it in hand for longer than {@code lease} has lost it. */
  private void letOneHandlerGetStuck(JobQueue<String> queue, Duration lease) {
    Totals before = queue.status().totals();
    Seen<Integer> attempts = new Seen<>(patience());
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    try (Workers workers =
        queue.workBatches(
            WorkOptions.workers(2).batch(1).lease(lease),
            batch -> {
              if (calls.incrementAndGet() == 1) {
                release.await();
              } else {
                batch.forEach(job -> attempts.add(job.attempt()));
              }
            })) {
      queue.submit("job");
      assertThat(attempts.next()).isEqualTo(1);
      // The job goes on a moment before the worker that lost it is called stuck.
      await(() -> workers.stuck().stream().anyMatch(WorkerContract::isInThisKit));
      release.countDown();
      assertThat(queue.awaitIdle(patience())).isTrue();
      await(() -> workers.stuck().isEmpty());
    }
    Totals totals = queue.status().totals();
    assertThat(totals.acked() - before.acked()).isEqualTo(1);
    assertThat(totals.failed()).isZero();
  }

  private static boolean isInThisKit(StuckWorker stuck) {
    assertThat(stuck.jobs()).isEqualTo(1);
    return stuck.stack().stream()
        .anyMatch(call -> call.getClassName().startsWith("dev.bobbin.testkit"));
  }

  @Test
  default void threadsOfTheUserRunTheHandlers() {
    JobQueue<String> queue = queue();
    Seen<String> names = new Seen<>(patience());
    AtomicInteger made = new AtomicInteger();
    WorkOptions options =
        WorkOptions.workers(2)
            .threadsFrom(work -> new Thread(work, "mine-" + made.incrementAndGet()));
    try (Workers workers =
        queue.work(options, payload -> names.add(Thread.currentThread().getName()))) {
      queue.submit("job");
      assertThat(names.next()).startsWith("mine-");
      assertThat(workers.size()).isEqualTo(2);
      assertThat(workers.stuck()).isEqualTo(List.<StuckWorker>of());
    }
    assertThat(made).hasValue(2);
  }

  @Test
  default void onlyFailuresUseUpAttempts() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    try (Lease<String> lost = queue.take(1, patience(), LeaseContract.SHORT);
        Lease<String> failed = queue.take(1, patience())) {
      assertThat(lost.size()).isEqualTo(1);
      assertThat(failed.job(0).retry(Duration.ZERO, "failure")).isTrue();
    }
    queue.take(1, patience()).close();
    try (Lease<String> lease = queue.take(1, patience())) {
      assertThat(lease.job(0).attempt()).isEqualTo(2);
      lease.ackAll();
    }
    Totals totals = queue.status().totals();
    assertThat(List.of(totals.failed(), totals.leasesLost(), totals.interrupted()))
        .containsExactly(1L, 1L, 0L);
  }

  @Test
  default void batchWhoseHandlerThrowsKeepsTheOutcomesThatWereGiven() {
    JobQueue<String> queue = queue();
    queue.submitAll(List.of("done", "rest", "of it"));
    Seen<String> seen = new Seen<>(patience());
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            seen.add(job.payload() + job.attempt());
          }
          if (batch.job(0).attempt() == 1) {
            batch.job(0).ack();
            throw new IllegalStateException("half-way");
          }
        });
    assertThat(seen.next(5))
        .containsExactlyInAnyOrder("done1", "rest1", "of it1", "rest2", "of it2");
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(seen.more()).isZero();
  }

  @Test
  default void noMoreJobsAreInHandThanTheThrottleAllows() {
    JobQueue<String> queue = queue(options().withThrottle(Throttle.concurrency(2)));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      queue.submit("job " + i);
    }
    queue.work(
        4,
        payload -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          LockSupport.parkNanos(100_000);
          now.decrementAndGet();
        });
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  default void noMoreJobsASecondAreHandedOutThanTheThrottleAllows() {
    JobQueue<String> queue = queue(options().withThrottle(Throttle.rate(50).bursting(1)));
    Seen<Long> seen = new Seen<>(patience());
    queue.submitAll(IntStream.range(0, 12).mapToObj(Integer::toString).toList());
    queue.work(2, payload -> seen.add(System.nanoTime()));
    List<Long> times = seen.next(12);
    // However late its workers are, each has at most one of them in hand when the first is seen; of
    // the other ten, one may be a burst, and nine take a fiftieth of a second each.
    long first = times.stream().mapToLong(time -> time).min().orElseThrow();
    long last = times.stream().mapToLong(time -> time).max().orElseThrow();
    assertThat(last - first).isGreaterThan(175_000_000);
  }
}
