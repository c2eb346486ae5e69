package dev.bobbin.internal.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Why a job is not let in, and how long that takes. */
@Timeout(120)
class RefusalTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults().withRingBytes(256 << 10).withSubmitTimeout(Duration.ofMillis(100));

  private final Bobbin bobbin = Bobbin.inMemory();

  @AfterEach
  void close() {
    bobbin.close();
  }

  private JobQueue<String> queue(QueueOptions options) {
    return bobbin.queue("q", Codec.text(), options);
  }

  private static QueueOptions jobs(int jobs) {
    return OPTIONS.withLimits(Limits.DEFAULT.withJobs(jobs));
  }

  private static RefusedException refused(Runnable submit) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, submit::run);
    assertThat(refused).as("a refusal").isNotNull();
    assertThat(refused).hasMessageContaining(refused.refusal().name());
    return refused;
  }

  @Test
  void jobLimitRefusesAfterTheTimeoutAndFreesItsPlaceOnAck() throws Exception {
    JobQueue<String> queue = queue(jobs(2));
    queue.submit("a");
    queue.submit("b", Duration.ofHours(1));
    long began = System.nanoTime();
    RefusedException refused = refused(() -> queue.submit("c"));
    assertThat(refused.refusal()).isEqualTo(Refusal.JOB_LIMIT);
    assertThat(refused.detail()).contains("limit of 2");
    assertThat(System.nanoTime() - began).isGreaterThan(90_000_000);
    try (Workers workers = queue.work(1, payload -> {})) {
      assertThat(workers.size()).isEqualTo(1);
      Crash.await("a is done", () -> queue.status().totals().acked() == 1);
    }
    // It gives its place back a moment after it is counted, and before its worker goes.
    assertThat(queue.trySubmit("c").accepted()).isTrue();
  }

  @Test
  void waitingSubmitGoesOnWhenAPlaceIsFree() throws Exception {
    JobQueue<String> queue = queue(jobs(1).withSubmitTimeout(Duration.ofSeconds(60)));
    queue.submit("a");
    AtomicReference<Object> result = new AtomicReference<>();
    Thread producer = new Thread(() -> result.set(queue.submit("b")));
    producer.start();
    Crash.await("it waits", () -> producer.getState() == Thread.State.TIMED_WAITING);
    queue.work(1, payload -> {});
    producer.join(60_000);
    assertThat(result.get()).isNotNull();
  }

  @Test
  void fullRingRefusesAndSaysSo() {
    JobQueue<String> queue = queue(OPTIONS);
    SubmitResult result = queue.trySubmit("x");
    int accepted = 0;
    while (result.accepted()) {
      accepted++;
      result = queue.trySubmit("x".repeat(1000));
    }
    assertThat(accepted).isGreaterThan(150);
    assertThat(((SubmitResult.Refused) result).refusal()).isEqualTo(Refusal.BYTE_LIMIT);
    assertThat(((SubmitResult.Refused) result).detail()).contains("ring of 262144 bytes is full");
  }

  @Test
  void byteLimitRefuses() {
    JobQueue<String> queue = queue(OPTIONS.withLimits(Limits.DEFAULT.withBytes(64 << 10)));
    int accepted = 0;
    while (queue.trySubmit("x".repeat(1000)).accepted()) {
      accepted++;
    }
    assertThat(accepted).isBetween(50, 66);
    RefusedException refused = refused(() -> queue.submit("x".repeat(1000)));
    assertThat(refused.refusal()).isEqualTo(Refusal.BYTE_LIMIT);
    assertThat(refused.detail()).contains("limit of 65536 bytes");
  }

  @Test
  void delayedJobsCountAgainstTheByteLimit() {
    JobQueue<String> queue = queue(OPTIONS.withLimits(Limits.DEFAULT.withBytes(64 << 10)));
    RefusedException refused =
        refused(
            () -> {
              for (int i = 0; i < 100; i++) {
                queue.submit("x".repeat(1000), Duration.ofHours(1));
              }
            });
    assertThat(refused.refusal()).isEqualTo(Refusal.BYTE_LIMIT);
  }

  @Test
  void jobThatIsTooLargeIsRefused() {
    JobQueue<String> queue = queue(OPTIONS);
    assertThat(queue.trySubmit("x".repeat(4096)).accepted()).isTrue();
    RefusedException refused = refused(() -> queue.submit("x".repeat(4097)));
    assertThat(refused.refusal()).isEqualTo(Refusal.JOB_TOO_LARGE);
    assertThat(refused.detail()).contains("4097", "4096", "maxPayloadBytes");
  }

  @Test
  void submitAllSaysHowManyWereAccepted() {
    JobQueue<String> queue = queue(jobs(2));
    RefusedException refused = refused(() -> queue.submitAll(List.of("a", "b", "c", "d")));
    assertThat(refused.accepted()).isEqualTo(2);
    assertThat(queue.status().counts().ready()).isEqualTo(2);
  }

  @Test
  void closedQueueRefuses() {
    JobQueue<String> queue = queue(OPTIONS);
    queue.close();
    assertThat(refused(() -> queue.submit("a")).refusal()).isEqualTo(Refusal.CLOSED);
  }

  @Test
  void closingEndsTheWaitOfASubmit() throws Exception {
    JobQueue<String> queue = queue(jobs(1).withSubmitTimeout(Duration.ofSeconds(60)));
    queue.submit("a");
    AtomicReference<RefusedException> result = new AtomicReference<>();
    Thread producer = new Thread(() -> result.set(refused(() -> queue.submit("b"))));
    producer.start();
    Crash.await("it waits", () -> producer.getState() == Thread.State.TIMED_WAITING);
    queue.close();
    producer.join(60_000);
    assertThat(result.get().refusal()).isEqualTo(Refusal.CLOSED);
  }

  @Test
  void trySubmitNeverWaits() {
    JobQueue<String> queue = queue(jobs(1).withSubmitTimeout(Duration.ofDays(1)));
    queue.submit("a");
    // Would wait for a day, and the test's timeout would end it.
    assertThat(queue.trySubmit("b").accepted()).isFalse();
  }

  @Test
  void interruptEndsTheWaitOfASubmit() throws Exception {
    JobQueue<String> queue = queue(jobs(1).withSubmitTimeout(Duration.ofDays(1)));
    queue.submit("a");
    interruptedSubmit(queue, Refusal.JOB_LIMIT);
  }

  @Test
  void interruptEndsTheWaitForTheRing() throws Exception {
    JobQueue<String> queue = queue(OPTIONS.withSubmitTimeout(Duration.ofDays(1)));
    while (queue.trySubmit("x".repeat(1000)).accepted()) {
      // Fills it.
    }
    interruptedSubmit(queue, Refusal.BYTE_LIMIT);
  }

  private static void interruptedSubmit(JobQueue<String> queue, Refusal expected)
      throws InterruptedException {
    AtomicReference<RefusedException> result = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread producer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              result.set(refused(() -> queue.submit("x".repeat(1000))));
              flag.set(Thread.interrupted());
            });
    producer.start();
    producer.join(60_000);
    assertThat(result.get().refusal()).isEqualTo(expected);
    assertThat(flag.get()).as("the flag stays set").isTrue();
    assertThat(result.get()).hasCauseInstanceOf(InterruptedException.class);
  }
}
