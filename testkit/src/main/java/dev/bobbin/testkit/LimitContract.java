package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.Throttle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A queue is bounded, and says why it does not take a job. */
interface LimitContract extends ContractSetup {
  private QueueOptions two() {
    return options()
        .withLimits(Limits.DEFAULT.withJobs(2))
        .withSubmitTimeout(Duration.ofMillis(10));
  }

  private static Refusal refusal(SubmitResult result) {
    assertThat(result).isInstanceOf(SubmitResult.Refused.class);
    return ((SubmitResult.Refused) result).refusal();
  }

  @Test
  default void jobLimitCountsAJobsWholeLife() {
    JobQueue<String> queue = queue(two());
    queue.submit("ready");
    queue.submit("delayed", Duration.ofDays(1));
    assertThat(refusal(queue.trySubmit("third"))).isEqualTo(Refusal.JOB_LIMIT);
    assertThatThrownBy(() -> queue.submit("third"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.JOB_LIMIT));
    try (var lease = queue.take(1, patience())) {
      assertThat(refusal(queue.trySubmit("third"))).isEqualTo(Refusal.JOB_LIMIT);
      assertThat(lease.ackAll()).isEqualTo(1);
    }
    assertThat(queue.trySubmit("third").accepted()).isTrue();
  }

  @Test
  default void submitWaitsForRoom() throws Exception {
    JobQueue<String> queue = queue(two().withSubmitTimeout(patience()));
    queue.submitAll(List.of("one", "two"));
    CountDownLatch accepted = new CountDownLatch(1);
    Thread producer =
        new Thread(
            () -> {
              queue.submit("three");
              accepted.countDown();
            });
    producer.start();
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    assertThat(seen.next(3)).containsExactlyInAnyOrder("one", "two", "three");
    producer.join();
    assertThat(accepted.getCount()).isZero();
  }

  @Test
  default void submitAllSaysHowManyWereAccepted() {
    JobQueue<String> queue = queue(two());
    assertThatThrownBy(() -> queue.submitAll(List.of("one", "two", "three")))
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.accepted()).isEqualTo(2));
  }

  @Test
  default void byteLimitRefuses() {
    QueueOptions options = options().withSubmitTimeout(Duration.ZERO);
    JobQueue<byte[]> queue =
        bobbin()
            .queue(
                "contract", Codec.bytes(), options.withLimits(Limits.DEFAULT.withBytes(64 << 10)));
    byte[] payload = new byte[1000];
    int accepted = 0;
    SubmitResult result = queue.trySubmit(payload);
    while (result.accepted() && accepted < 1000) {
      accepted++;
      result = queue.trySubmit(payload);
    }
    assertThat(refusal(result)).isEqualTo(Refusal.BYTE_LIMIT);
    assertThat(accepted).isBetween(20, 65);
  }

  @Test
  default void tooLargeAJobIsRefused() {
    JobQueue<byte[]> queue =
        bobbin().queue("contract", Codec.bytes(), options().withMaxPayloadBytes(1000));
    assertThat(queue.trySubmit(new byte[1000]).accepted()).isTrue();
    assertThat(refusal(queue.trySubmit(new byte[1001]))).isEqualTo(Refusal.JOB_TOO_LARGE);
  }

  @Test
  default void refusalsAreCountedByReason() {
    JobQueue<String> queue = queue(two());
    queue.submitAll(List.of("one", "two"));
    queue.trySubmit("three");
    queue.trySubmit("four");
    var refusals = Objects.requireNonNull(queue.status().refusals().get(Refusal.JOB_LIMIT));
    assertThat(refusals.count()).isEqualTo(2);
    assertThat(refusals.first()).isBeforeOrEqualTo(refusals.last());
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
}
