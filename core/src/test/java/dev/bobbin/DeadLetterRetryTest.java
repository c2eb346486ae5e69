package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dead letters that are retried, in memory and on a directory. */
@Timeout(120)
class DeadLetterRetryTest extends DyingJobs {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private Workers ackAll() {
    return queue.workBatches(
        WorkOptions.workers(1),
        batch -> batch.forEach(job -> seen.add(job.payload() + "/" + job.attempt())));
  }

  private String next() throws InterruptedException {
    return seen.poll(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void retriedJobIsReadyAgainAsItWasSubmitted(Backend backend) throws Exception {
    open(backend, OPTIONS.withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(3)));
    JobId id = queue.submit("a");
    Workers failing =
        queue.work(
            1,
            payload -> {
              throw new IllegalStateException("no");
            });
    Crash.await("a dead letter", () -> dead.count() == 1);
    failing.close();
    DeadLetter letter = dead.find(id).orElseThrow();
    assertThat(letter.attempts()).isEqualTo(3);

    assertThat(dead.retry(id)).isTrue();
    assertThat(dead.count()).isZero();
    assertThat(dead.find(id)).isEmpty();
    assertThat(queue.status().unfinished()).isEqualTo(1);
    assertThat(dead.retry(id)).isFalse();

    BlockingQueue<Job<String>> jobs = new LinkedBlockingQueue<>();
    CountDownLatch looked = new CountDownLatch(1);
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          batch.forEach(jobs::add);
          looked.await();
        });
    Job<String> job = jobs.poll(60, TimeUnit.SECONDS);
    assertThat(job.id()).isEqualTo(id);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.payload()).isEqualTo("a");
    assertThat(job.submittedAt()).isEqualTo(letter.submittedAt());
    looked.countDown();
    Crash.await("it is acked", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void retriedJobDoesNotDieOfItsTimeToLiveAgain(Backend backend) throws Exception {
    open(backend);
    JobOptions options =
        JobOptions.NONE.expiringAfter(Duration.ofMillis(1)).header("trace", "00-1");
    JobId id = queue.submit("a", options);
    Instant late = Instant.now().plusMillis(2);
    Crash.await("it has expired", () -> Instant.now().isAfter(late));
    ackAll();
    Crash.await("it is dead", () -> dead.count() == 1);
    assertThat(dead.find(id).orElseThrow().reason()).startsWith("expired");
    assertThat(dead.find(id).orElseThrow().headers()).containsExactly(Map.entry("trace", "00-1"));
    assertThat(dead.retry(id)).isTrue();
    assertThat(next()).isEqualTo("a/1");
  }

  @ParameterizedTest
  @EnumSource
  void retriesThoseThatAreThere(Backend backend) throws Exception {
    open(backend);
    List<JobId> ids = die("a", "b", "c");
    JobId elsewhere = new JobId(ids.get(1).origin() ^ 1, ids.get(1).number());
    assertThat(dead.retry(List.of(ids.get(2), elsewhere, ids.get(0), ids.get(0)))).isEqualTo(2);
    assertThat(payloads(dead.list(10))).containsExactly("b");
    ackAll();
    assertThat(Set.of(next(), next())).containsExactlyInAnyOrder("a/1", "c/1");
  }

  @ParameterizedTest
  @EnumSource
  void retriesAllButNotThoseThatDieAgain(Backend backend) {
    open(backend);
    dieNumbered(600);
    queue.workBatches(WorkOptions.workers(2), DyingJobs::rejectAll);
    assertThat(dead.retryAll()).isEqualTo(600);
    // A letter is there a moment before its job counts as dead.
    Crash.await("all died again", () -> queue.status().totals().died() == 1200);
    assertThat(dead.count()).isEqualTo(600);
    assertThat(queue.status().unfinished()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void retriesWhatThePredicateWants(Backend backend) throws Exception {
    open(backend);
    die("a", "b", "ab");
    assertThat(dead.retryIf(letter -> letter.reason().endsWith("b"))).isEqualTo(2);
    assertThat(payloads(dead.list(10))).containsExactly("a");
    ackAll();
    assertThat(Set.of(next(), next())).containsExactlyInAnyOrder("b/1", "ab/1");
  }

  @ParameterizedTest
  @EnumSource
  void retriesAtARate(Backend backend) {
    open(backend);
    dieNumbered(21);
    ackAll();
    long began = System.nanoTime();
    assertThat(dead.retryAll(200)).isEqualTo(21);
    // Twenty steps of 5 ms; a late step may be made up for by 20 ms.
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(80));
    assertThat(dead.count()).isZero();
    for (double wrong : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> dead.retryAll(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jobsPerSecond");
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptEndsThePacedRetryEarly(Backend backend) throws Exception {
    open(backend);
    dieNumbered(3);
    AtomicLong retried = new AtomicLong(-1);
    Thread slow =
        new Thread(
            () -> {
              retried.set(dead.retryAll(0.001));
              if (!Thread.currentThread().isInterrupted()) {
                retried.set(-2);
              }
            });
    slow.start();
    Crash.await("the first is retried", () -> dead.count() == 2);
    slow.interrupt();
    slow.join(60_000);
    assertThat(retried).hasValue(1);
    assertThat(dead.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void closingEndsThePacedRetry(Backend backend) throws Exception {
    open(backend);
    dieNumbered(3);
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    Thread slow =
        new Thread(
            () -> {
              try {
                dead.retryAll(0.001);
              } catch (RuntimeException e) {
                thrown.add(e);
              }
            });
    slow.start();
    Crash.await("the first is retried", () -> dead.count() == 2);
    queue.close();
    assertThat(thrown.poll(60, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.refusal()).isEqualTo(Refusal.CLOSED);
              assertThat(e.accepted()).isEqualTo(1);
            });
    slow.join(60_000);
  }

  @ParameterizedTest
  @EnumSource
  void refusedLetterStays(Backend backend) {
    open(
        backend,
        OPTIONS.withLimits(Limits.DEFAULT.withJobs(4)).withSubmitTimeout(Duration.ofMillis(20)));
    List<JobId> ids = dieNumbered(3);
    queue.submit("x");
    queue.submit("y");
    queue.submit("z");
    assertThatThrownBy(() -> dead.retry(ids))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.refusal()).isEqualTo(Refusal.JOB_LIMIT);
              assertThat(e.accepted()).isEqualTo(1);
            });
    assertThat(payloads(dead.list(10))).containsExactly("job 1", "job 2");
    assertThatThrownBy(dead::retryAll)
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.accepted()).isEqualTo(0));
    assertThat(queue.status().unfinished()).isEqualTo(4);

    Workers acking = ackAll();
    Crash.await("all is acked", () -> queue.status().unfinished() == 0);
    // What is acked gives its place back a moment later.
    acking.close();
    assertThat(dead.retryAll()).isEqualTo(2);
    ackAll();
    Crash.await("all is done", () -> queue.status().totals().acked() == 6);
    assertThat(dead.count()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void retryWaitsForRoomAsASubmitDoes(Backend backend) throws Exception {
    open(backend, OPTIONS.withLimits(Limits.DEFAULT.withJobs(1)));
    List<JobId> ids = die("a");
    queue.submit("x");
    CountDownLatch began = new CountDownLatch(1);
    Thread retrying =
        new Thread(
            () -> {
              began.countDown();
              dead.retry(ids.get(0));
            });
    retrying.start();
    began.await();
    Crash.await(
        "it waits", () -> retrying.getState() == Thread.State.TIMED_WAITING || !retrying.isAlive());
    ackAll();
    assertThat(next()).isEqualTo("x/1");
    assertThat(next()).isEqualTo("a/1");
    retrying.join(60_000);
  }
}
