package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that do not return: their lease ends, their jobs go on elsewhere. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class StuckWorkerTest extends OneQueue {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final WorkOptions ONE = WorkOptions.workers(1).lease(LEASE);

  private final Map<String, Integer> handled = new ConcurrentHashMap<>();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  StuckWorkerTest(Backend backend) {
    super(backend, 5);
  }

  @AfterEach
  void letGo() {
    release.countDown();
  }

  private void submit(int jobs) {
    queue.submitAll(IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList());
  }

  private void hang() {
    hanging.countDown();
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // It ignores that.
      }
    }
  }

  /** Counts; hangs the first time that it sees {@code job 100}, fails the first {@code job 99}. */
  private void handle(String payload) {
    int times = handled.merge(payload, 1, Integer::sum);
    if (times == 1 && payload.equals("job 100")) {
      hang();
    }
    if (times == 1 && payload.equals("job 99")) {
      throw new IllegalStateException("once");
    }
  }

  /** Lets the lease of the one that hangs end. */
  private void awaitStuck(Workers workers) throws InterruptedException {
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
    time.step(LEASE);
    Crash.await("a stuck worker", () -> workers.stuck().size() == 1);
  }

  private void expectEachHandledOnceBut(String... twice) {
    assertThat(handled)
        .allSatisfy(
            (payload, times) ->
                assertThat(times).as(payload).isEqualTo(List.of(twice).contains(payload) ? 2 : 1));
  }

  private void expectDone(int jobs) {
    assertThat(queue.awaitIdle(LONG)).isTrue();
    Crash.await("retries are done", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().totals().acked()).isEqualTo(jobs);
    assertThat(queue.status().failure()).isEmpty();
  }

  @Test
  void jobsOfAHandlerThatHangsGoOnElsewhereAndThoseBeforeItAreSettled() throws Exception {
    submit(200);
    Workers stuck = queue.work(ONE, this::handle);
    awaitStuck(stuck);
    StuckWorker worker = stuck.stuck().get(0);
    assertThat(worker.thread()).isEqualTo("bobbin-q-worker-0");
    assertThat(worker.since()).isBetween(Instant.now().minusSeconds(30), Instant.now());
    assertThat(worker.stack()).anyMatch(call -> call.getMethodName().equals("hang"));
    assertThat(worker.jobs()).isPositive();
    assertThat(Inside.counters(queue).leasesLost.sum()).isEqualTo(worker.jobs());
    assertThat(Inside.counters(queue).stuck.sum()).isEqualTo(1);
    queue.work(1, this::handle);
    expectDone(200);
    expectEachHandledOnceBut("job 99", "job 100");
    assertThat(queue.status().totals().retried()).isEqualTo(1);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void lateResultIsRefusedAndTheWorkerGoesOn() throws Exception {
    submit(200);
    Workers workers = queue.work(ONE, this::handle);
    awaitStuck(workers);
    release.countDown();
    // Nobody else is there: the jobs that it lost come back to it.
    expectDone(200);
    expectEachHandledOnceBut("job 99", "job 100");
    assertThat(workers.stuck()).isEmpty();
    assertThat(Inside.counters(queue).staleAcks.sum()).isEqualTo(1);
    assertThat(Inside.counters(queue).stuck.sum()).isZero();
  }

  @Test
  void lateFailureIsRefusedToo() throws Exception {
    queue.submit("a");
    Workers workers =
        queue.work(
            ONE,
            payload -> {
              if (handled.merge(payload, 1, Integer::sum) == 1) {
                hang();
                throw new IllegalStateException("too late");
              }
            });
    awaitStuck(workers);
    release.countDown();
    expectDone(1);
    assertThat(queue.status().totals().retried()).isZero();
    assertThat(handled.get("a")).isEqualTo(2);
  }

  @Test
  void batchHandlerKeepsTheOutcomesThatItGaveAndLosesTheRest() throws Exception {
    submit(10);
    AtomicReference<Throwable> late = new AtomicReference<>();
    Workers stuck =
        queue.workBatches(
            ONE,
            batch -> {
              if (batch.size() == 10 && hanging.getCount() > 0) {
                batch.job(2).ack();
                batch.job(3).retry(Duration.ofDays(1), "later");
                batch.job(4).reject("never");
                hang();
                try {
                  batch.job(5).ack();
                } catch (IllegalStateException e) {
                  late.set(e);
                }
              }
            });
    awaitStuck(stuck);
    assertThat(stuck.stuck().get(0).jobs()).isEqualTo(7);
    queue.workBatches(
        ONE,
        batch -> batch.forEach(job -> handled.merge(job.payload(), job.attempt(), Integer::sum)));
    Crash.await("the others", () -> handled.size() == 7);
    assertThat(handled.keySet()).doesNotContain("job 2", "job 3", "job 4");
    assertThat(handled.values()).containsOnly(1);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(queue.status().counts().delayed()).isEqualTo(1);
    assertThat(queue.deadLetters().list(9)).extracting(DeadLetter::reason).containsExactly("never");
    release.countDown();
    Crash.await("late outcomes are counted", () -> Inside.counters(queue).staleAcks.sum() == 7);
    assertThat(late.get()).hasMessageContaining("lease");
    assertThat(queue.status().totals().acked()).isEqualTo(8);
  }

  @Test
  void rawHandlerThatHangsLosesItsJobsButNotItsBytes() throws Exception {
    submit(200);
    AtomicReference<String> read = new AtomicReference<>();
    Workers stuck =
        queue.workRaw(
            ONE,
            job -> {
              String payload = payload(job);
              handle(payload);
              if (payload.equals("job 100") && handled.get(payload) == 2 && read.get() == null) {
                // The one that hung: what it looks at is still there.
                read.set(payload(job));
              }
            });
    awaitStuck(stuck);
    assertThat(stuck.stuck().get(0).jobs()).isPositive();
    Workers others = queue.workRaw(WorkOptions.workers(1), job -> handle(payload(job)));
    expectDone(200);
    // More than the ring takes would overwrite what the stuck handler reads: producers wait
    // instead.
    String filler = "x".repeat(1_000);
    long accepted = 0;
    while (queue.trySubmit(filler).accepted() && accepted < 1_000) {
      accepted++;
    }
    assertThat(accepted).isLessThan(1_000);
    others.close();
    release.countDown();
    Crash.await("it has returned", () -> stuck.stuck().isEmpty());
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(read.get()).isEqualTo("job 100");
    assertThat(queue.status().failure()).isEmpty();
  }

  private static String payload(RawJob job) {
    byte[] bytes = new byte[job.length()];
    job.copyTo(bytes, 0);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void delayedJobsAreLostAndFoundAsOften() throws Exception {
    queue.submit("a", Duration.ofMillis(1));
    Workers workers =
        queue.work(
            ONE,
            payload -> {
              if (handled.merge(payload, 1, Integer::sum) == 1) {
                hang();
              }
            });
    awaitStuck(workers);
    queue.work(1, payload -> handled.merge(payload, 1, Integer::sum));
    expectDone(1);
    assertThat(handled.get("a")).isEqualTo(2);
  }

  @Test
  void codecThatHangsIsNoticedToo() throws Exception {
    Codec<String> slow =
        new Codec<>() {
          @Override
          public byte[] encode(String payload) {
            return payload.getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public String decode(byte[] bytes, int offset, int length) {
            String payload = new String(bytes, offset, length, StandardCharsets.UTF_8);
            if (handled.merge("decoded " + payload, 1, Integer::sum) == 1 && payload.equals("b")) {
              hang();
            }
            return payload;
          }
        };
    queue = bobbin.queue("slow", slow, options);
    queue.submitAll(List.of("a", "b", "c"));
    Workers stuck = queue.workBatches(ONE, batch -> {});
    awaitStuck(stuck);
    queue.workBatches(ONE, batch -> {});
    expectDone(3);
  }

  @Test
  void closeDoesNotWaitForAStuckHandlerAndItsLateResultIsNeverAcked() throws Exception {
    queue.submit("a");
    Workers workers = queue.work(ONE, payload -> hang());
    awaitStuck(workers);
    workers.close();
    queue.close();
    release.countDown();
    Crash.await("it has returned", () -> workers.stuck().isEmpty());
    if (backend == Backend.DIRECTORY) {
      queue = bobbin.queue("q", Codec.text(), options);
      assertThat(queue.recovery().cleanlyClosed()).isTrue();
      Lease<String> lease = queue.take(9, LONG);
      assertThat(lease).extracting(LeasedJob::payload).containsExactly("a");
      assertThat(lease.job(0).attempt()).isEqualTo(1);
    }
  }

  @Test
  void closeWaitsForAHandlerOnlyAsLongAsItsLease() throws Exception {
    queue.submit("a");
    queue.work(WorkOptions.workers(1).lease(Duration.ofMillis(500)), payload -> hang());
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
    queue.close();
    assertThat(release.getCount()).isEqualTo(1);
    assertThatThrownBy(() -> queue.submit("b")).isInstanceOf(RefusedException.class);
  }

  @Test
  void busyWorkersThatReturnInTimeLoseNothing() {
    submit(2_000);
    queue.work(
        WorkOptions.workers(2).lease(Duration.ofSeconds(60)).timeout(Duration.ofSeconds(30)),
        payload -> handled.merge(payload, 1, Integer::sum));
    expectDone(2_000);
    expectEachHandledOnceBut();
    assertThat(Inside.counters(queue).leasesLost.sum()).isZero();
  }
}
