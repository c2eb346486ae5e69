package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
  default void whatAJobCarriesCountsTowardsTheLargestPayload() {
    JobQueue<byte[]> queue =
        bobbin().queue("contract", Codec.bytes(), options().withMaxPayloadBytes(1000));
    JobOptions carried = JobOptions.NONE.header("trace", "x".repeat(100));
    assertThat(queue.trySubmit(new byte[800], carried).accepted()).isTrue();
    assertThat(refusal(queue.trySubmit(new byte[950], carried))).isEqualTo(Refusal.JOB_TOO_LARGE);
  }

  @Test
  default void fullQueueStillKnowsAJobByItsKey() {
    JobQueue<String> queue = queue(two());
    JobId first = queue.submit("first", JobOptions.key("k"));
    queue.submit("second");
    assertThat(queue.trySubmit("again", JobOptions.key("k")))
        .isEqualTo(new SubmitResult.Duplicate(first));
    assertThat(refusal(queue.trySubmit("other", JobOptions.key("other"))))
        .isEqualTo(Refusal.JOB_LIMIT);
  }

  /** A retry keeps its place: what is full takes it back, and still refuses others. */
  @Test
  default void fullQueueTakesBackWhatItHandedOut() {
    JobQueue<String> queue = queue(two());
    queue.submitAll(List.of("one", "two"));
    try (var lease = queue.take(2, patience())) {
      assertThat(lease.job(0).retry(Duration.ZERO, "again")).isTrue();
      assertThat(lease.job(1).snooze(Duration.ofDays(1))).isTrue();
    }
    assertThat(refusal(queue.trySubmit("third"))).isEqualTo(Refusal.JOB_LIMIT);
    try (var lease = queue.take(2, patience())) {
      assertThat(lease.job(0).payload()).isEqualTo("one");
      assertThat(lease.job(0).reject("enough")).isTrue();
    }
    // A dead letter takes up no room of those who are to be worked on.
    assertThat(queue.trySubmit("third").accepted()).isTrue();
    assertThat(refusal(queue.trySubmit("fourth"))).isEqualTo(Refusal.JOB_LIMIT);
  }

  @Test
  default void delayedJobsCountTowardsTheByteLimit() {
    QueueOptions options = options().withLimits(Limits.DEFAULT.withBytes(128 << 10));
    JobQueue<String> queue = queue(options.withSubmitTimeout(Duration.ZERO));
    JobOptions tomorrow = JobOptions.delay(Duration.ofDays(1));
    String payload = "x".repeat(1000);
    int accepted = 0;
    SubmitResult result = queue.trySubmit(payload, tomorrow);
    while (result.accepted() && accepted < 1000) {
      accepted++;
      result = queue.trySubmit(payload, tomorrow);
      // Delayed jobs leave the ring with a flush; it is the limit that is to refuse.
      queue.sync();
    }
    assertThat(refusal(result)).isEqualTo(Refusal.BYTE_LIMIT);
    assertThat(accepted).isBetween(60, 200);
  }

  @Test
  default void optionsOutOfRangeAreRefusedWithTheirNameAndRange() {
    assertThatThrownBy(() -> options().withMaxPayloadBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxPayloadBytes");
    assertThatThrownBy(() -> Limits.DEFAULT.withJobs(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jobs");
  }
}
