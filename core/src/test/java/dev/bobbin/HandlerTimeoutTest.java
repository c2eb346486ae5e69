package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that take longer than {@link WorkOptions#timeout()}, and whom their interrupt reaches. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class HandlerTimeoutTest extends OneQueue {
  private static final WorkOptions ONE = WorkOptions.workers(1).timeout(Duration.ofMillis(40));

  HandlerTimeoutTest(Backend backend) {
    super(backend, 2);
  }

  private static void sleepForHours() throws InterruptedException {
    new CountDownLatch(1).await(3, TimeUnit.HOURS);
  }

  private void expectOneTimedOut() {
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    DeadLetter letter = queue.deadLetters().list(9).get(0);
    assertThat(letter.reason()).isEqualTo("timed out after 40 ms: java.lang.InterruptedException");
    assertThat(letter.attempts()).isEqualTo(2);
    assertThat(new String(letter.payload(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("slow");
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().failure()).isEmpty();
    assertThat(Inside.counters(queue).leasesLost.sum()).isZero();
  }

  @Test
  void slowCallOfAJobHandlerFailsAndItsNeighboursDoNot() throws Exception {
    queue.submitAll(List.of("a", "slow", "b"));
    queue.work(
        ONE,
        payload -> {
          if (payload.equals("slow")) {
            sleepForHours();
          }
        });
    expectOneTimedOut();
    assertThat(queue.status().totals().acked()).isEqualTo(2);
  }

  @Test
  void slowCallOfARawHandlerFails() throws Exception {
    queue.submitAll(List.of("a", "slow", "b"));
    queue.workRaw(
        ONE,
        job -> {
          if (job.length() == 4) {
            sleepForHours();
          }
        });
    expectOneTimedOut();
    assertThat(queue.status().totals().acked()).isEqualTo(2);
  }

  @Test
  void slowCallOfABatchHandlerFailsTheJobsWithoutAnOutcome() throws Exception {
    queue.submitAll(List.of("a", "slow", "b"));
    queue.workBatches(
        ONE,
        batch -> {
          for (Job<String> job : batch) {
            if (job.payload().equals("slow")) {
              sleepForHours();
            }
            job.ack();
          }
        });
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(queue.deadLetters().list(9))
        .isNotEmpty()
        .allSatisfy(letter -> assertThat(letter.reason()).startsWith("timed out after 40 ms: "));
  }

  @Test
  void handlerThatReturnsAfterTheInterruptHasDoneItsJob() throws Exception {
    queue.submit("a");
    AtomicInteger interrupts = new AtomicInteger();
    queue.work(
        ONE,
        payload -> {
          try {
            sleepForHours();
          } catch (InterruptedException e) {
            interrupts.incrementAndGet();
          }
        });
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(interrupts.get()).isEqualTo(1);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
    assertThat(queue.status().totals().retried()).isZero();
  }

  /** Calls that end about when their time does are done, interrupted or not. */
  @Test
  void callThatEndsWhenItsTimeIsOverIsDone() {
    int jobs = 200;
    queue.submitAll(IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList());
    queue.work(
        WorkOptions.workers(2).timeout(Duration.ofMillis(5)),
        payload -> {
          long end = System.nanoTime() + 4_900_000 + payload.hashCode() % 300_000;
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        });
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(queue.status().totals().acked()).isEqualTo(jobs);
    assertThat(queue.status().totals().retried()).isZero();
  }

  @Test
  void flagThatAHandlerLeavesSetIsNotSeenByTheNext() throws Exception {
    BlockingQueue<Boolean> flags = new LinkedBlockingQueue<>();
    queue.submitAll(IntStream.range(0, 50).mapToObj(i -> "job " + i).toList());
    queue.work(
        1,
        payload -> {
          flags.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
          if (payload.hashCode() % 3 == 0) {
            throw new IllegalStateException("with the flag set");
          }
        });
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(flags).isNotEmpty().containsOnly(false);
  }

  @Test
  void handlerWithoutATimeOutTakesItsTime() {
    queue.submit("a");
    AtomicInteger done = new AtomicInteger();
    queue.work(
        1,
        payload -> {
          TimeUnit.MILLISECONDS.sleep(100);
          done.incrementAndGet();
        });
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(done.get()).isEqualTo(1);
  }
}
