package dev.bobbin.testkit;

import static dev.bobbin.testkit.Kit.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.RetryPolicy;
import dev.bobbin.SubmitResult;
import dev.bobbin.Throttle;
import dev.bobbin.WorkOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The clock that tests set, and the wait for idleness. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TestBobbinTest {
  private final TestBobbin bobbin = TestBobbin.inMemory();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    bobbin.close();
  }

  private JobQueue<String> queue() {
    return bobbin.queue("q", Codec.text(), Kit.options());
  }

  @Test
  void delayedJobComesWhenTheClockSaysSo() {
    JobQueue<String> queue = queue();
    queue.work(1, seen::add);
    queue.submit("later", Duration.ofDays(1));
    bobbin.advance(Duration.ofDays(1).minusMillis(1));
    bobbin.awaitIdle(LONG);
    assertThat(seen).isEmpty();
    bobbin.advance(Duration.ofMillis(1));
    bobbin.awaitIdle(LONG);
    assertThat(seen).containsExactly("later");
  }

  @Test
  void jobIsReadyWhenAdvanceHasReturned() {
    JobQueue<String> queue = queue();
    queue.submit("later", Duration.ofDays(1));
    bobbin.advance(Duration.ofDays(1));
    assertThat(Kit.takeAll(queue)).containsExactly("later");
  }

  @Test
  void manySmallStepsAreALargeOne() {
    JobQueue<String> queue = queue();
    queue.submit("later", Duration.ofMillis(1));
    bobbin.advance(Duration.ofNanos(999_999));
    assertThat(Kit.takeAll(queue)).isEmpty();
    bobbin.advance(Duration.ofNanos(1));
    assertThat(Kit.takeAll(queue)).containsExactly("later");
  }

  @Test
  void retriesComeOneByOneAndEndAsDeadLetter() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofHours(1)).attempts(3);
    JobQueue<String> queue = bobbin.queue("q", Codec.text(), Kit.options().withRetry(policy));
    AtomicInteger calls = new AtomicInteger();
    queue.work(
        1,
        payload -> {
          calls.incrementAndGet();
          throw new IllegalStateException("no");
        });
    queue.submit("job");
    for (int attempt = 1; attempt <= 3; attempt++) {
      bobbin.awaitIdle(LONG);
      assertThat(calls).hasValue(attempt);
      bobbin.advance(Duration.ofDays(1));
    }
    bobbin.awaitIdle(LONG);
    assertThat(calls).hasValue(3);
    assertThat(queue.deadLetters().count()).isEqualTo(1);
  }

  @Test
  void clockThatIsSetBackHoldsDelayedJobsAndNothingElse() {
    JobQueue<String> queue = queue();
    Instant start = bobbin.now();
    queue.submit("later", Duration.ofHours(1));
    bobbin.setTime(start.minus(Duration.ofDays(1)));
    assertThat(bobbin.now()).isEqualTo(start.minus(Duration.ofDays(1)));
    queue.submit("now");
    bobbin.advance(Duration.ofHours(2));
    assertThat(Kit.takeAll(queue)).containsExactly("now");
    bobbin.setTime(start.plus(Duration.ofHours(1)));
    assertThat(Kit.takeAll(queue)).containsExactly("later");
  }

  @Test
  void leaseEndsByTheClockAndDoesNotNoticeAStepOfTheWallClock() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    Lease<String> lease = queue.take(1, Duration.ZERO, Duration.ofHours(1));
    bobbin.setTime(bobbin.now().plus(Duration.ofDays(9)));
    assertThat(lease.expiresIn()).isEqualTo(Duration.ofHours(1));
    bobbin.advance(Duration.ofHours(1));
    assertThat(lease.expiresIn()).isZero();
    assertThat(lease.job(0).ack()).isFalse();
    assertThat(Kit.takeAll(queue)).containsExactly("job");
  }

  @Test
  void renewedLeaseLastsAsLongAgain() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    Lease<String> lease = queue.take(1, Duration.ZERO, Duration.ofHours(1));
    bobbin.advance(Duration.ofMinutes(59));
    assertThat(lease.renew()).isTrue();
    bobbin.advance(Duration.ofMinutes(59));
    assertThat(lease.job(0).ack()).isTrue();
  }

  @Test
  void timeToLiveRunsOut() {
    JobQueue<String> queue = queue();
    queue.submit("milk", JobOptions.NONE.expiringAfter(Duration.ofDays(7)));
    bobbin.advance(Duration.ofDays(7));
    assertThat(Kit.takeAll(queue)).isEmpty();
    assertThat(queue.deadLetters().list(10)).hasSize(1);
    assertThat(queue.deadLetters().list(10).get(0).reason()).contains("expired");
  }

  @Test
  void keyIsForgottenWhenItsWindowIsOver() {
    JobQueue<String> queue = queue();
    queue.submit("one", JobOptions.key("k"));
    assertThat(queue.trySubmit("two", JobOptions.key("k")))
        .isInstanceOf(SubmitResult.Duplicate.class);
    bobbin.advance(Duration.ofMinutes(6));
    assertThat(queue.trySubmit("three", JobOptions.key("k")).accepted()).isTrue();
  }

  @Test
  void throttleLetsThroughAsTheClockGoesOn() throws Exception {
    JobQueue<String> queue =
        bobbin.queue("q", Codec.text(), Kit.options().withThrottle(Throttle.rate(1.0 / 3600)));
    CountDownLatch one = new CountDownLatch(1);
    CountDownLatch two = new CountDownLatch(2);
    queue.work(
        1,
        payload -> {
          two.countDown();
          one.countDown();
        });
    queue.submit("one");
    queue.submit("two");
    assertThat(one.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> bobbin.awaitIdle(Duration.ofMillis(50)))
        .isInstanceOf(AssertionError.class);
    assertThat(two.getCount()).isEqualTo(1);
    bobbin.advance(Duration.ofHours(1));
    assertThat(two.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void handlerThatTakesTooLongIsInterrupted() throws Exception {
    JobQueue<String> queue = queue();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    queue.work(
        WorkOptions.workers(1).timeout(Duration.ofMinutes(1)),
        payload -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    queue.submit("job");
    begun.await();
    bobbin.advance(Duration.ofMinutes(1));
    assertThat(interrupted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void idleMeansAlsoWhatHandlersSubmitToOtherQueues() {
    JobQueue<String> first = bobbin.queue("a", Codec.text(), Kit.options());
    JobQueue<String> second = bobbin.queue("b", Codec.text(), Kit.options());
    first.work(1, seen::add);
    second.work(
        1,
        payload -> {
          seen.add(payload);
          first.submit(payload + "'");
        });
    for (int i = 0; i < 200; i++) {
      seen.clear();
      second.submit("x");
      bobbin.awaitIdle(LONG);
      assertThat(seen).containsExactly("x", "x'");
    }
  }

  @Test
  void sayWhatIsWhereWhenNotIdle() {
    JobQueue<String> queue = queue();
    queue.submit("one");
    queue.submit("two");
    queue.submit("later", Duration.ofDays(1));
    Lease<String> lease = queue.take(1, Duration.ZERO);
    assertThat(lease.size()).isEqualTo(1);
    assertThatThrownBy(() -> bobbin.awaitIdle(Duration.ofMillis(10)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("queue q")
        .hasMessageContaining("1 ready, 1 in flight, 1 delayed");
  }

  @Test
  void delayedJobsSurviveADirectory(@TempDir Path directory) {
    Instant due;
    try (TestBobbin before = TestBobbin.onDirectory(directory)) {
      JobQueue<String> queue = before.queue("q", Codec.text(), Kit.options());
      queue.submit("later", Duration.ofDays(1));
      due = before.now().plus(Duration.ofDays(1));
    }
    try (TestBobbin after = TestBobbin.onDirectory(directory)) {
      JobQueue<String> queue = after.queue("q", Codec.text(), Kit.options());
      assertThat(Kit.takeAll(queue)).isEmpty();
      after.setTime(due);
      assertThat(Kit.takeAll(queue)).containsExactly("later");
    }
  }
}
