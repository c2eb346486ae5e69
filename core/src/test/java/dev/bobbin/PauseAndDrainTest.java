package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Pausing, waiting for idleness, and draining. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class PauseAndDrainTest extends OneQueue {
  private static final Duration MOMENT = Duration.ofMillis(30);

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  PauseAndDrainTest(Backend backend) {
    super(backend, 5);
  }

  private void submit(int from, int to) {
    queue.submitAll(IntStream.range(from, to).mapToObj(i -> "job " + i).toList());
  }

  @Test
  void pausedQueueHandsNothingOutAndTakesJobsIn() throws Exception {
    List<Thread> threads = new ArrayList<>();
    queue.work(
        WorkOptions.workers(2)
            .threadsFrom(
                task -> {
                  threads.add(new Thread(task));
                  return threads.get(threads.size() - 1);
                }),
        seen::add);
    // One that is about to take what there is would take what comes when the queue is paused.
    Crash.await(
        "both are idle",
        () -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
    queue.pause();
    queue.pause();
    submit(0, 10);
    assertThat(queue.take(10, MOMENT).isEmpty()).isTrue();
    assertThat(queue.awaitIdle(Duration.ZERO)).isFalse();
    assertThat(queue.drain(MOMENT)).isFalse();
    assertThat(seen).isEmpty();
    queue.resume();
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(seen).hasSize(10);
    // Resuming has ended the drain too.
    queue.submit("one more");
    assertThat(queue.awaitIdle(LONG)).isTrue();
  }

  @Test
  void jobsInHandAreFinishedWhilePaused() throws Exception {
    CountDownLatch inHandler = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    submit(0, 1);
    queue.work(
        1,
        payload -> {
          inHandler.countDown();
          assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
          seen.add(payload);
        });
    assertThat(inHandler.await(60, TimeUnit.SECONDS)).isTrue();
    queue.pause();
    submit(1, 2);
    release.countDown();
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("job 0");
    Crash.await("the ack", () -> queue.status().totals().acked() == 1);
    assertThat(queue.status().counts().ready()).isEqualTo(1);
    queue.resume();
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("job 1");
  }

  @Test
  void takerThatWaitsWhilePausedGetsItsJobOnResume() throws Exception {
    queue.pause();
    submit(0, 1);
    CompletableFuture<Lease<String>> lease = new CompletableFuture<>();
    Thread taker = new Thread(() -> lease.complete(queue.take(1, LONG)));
    taker.start();
    Crash.await("taker parks", () -> taker.getState() == Thread.State.TIMED_WAITING);
    queue.resume();
    assertThat(lease.get(60, TimeUnit.SECONDS).size()).isEqualTo(1);
  }

  @Test
  void hammeringPauseAndResumeLosesNothing() throws Exception {
    int jobs = 20_000;
    AtomicBoolean done = new AtomicBoolean();
    Thread hammer =
        new Thread(
            () -> {
              while (!done.get()) {
                queue.pause();
                Thread.onSpinWait();
                queue.resume();
              }
            });
    Set<String> handled = ConcurrentHashMap.newKeySet();
    AtomicInteger calls = new AtomicInteger();
    queue.work(
        3,
        payload -> {
          handled.add(payload);
          calls.incrementAndGet();
        });
    hammer.start();
    submit(0, jobs);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    done.set(true);
    hammer.join();
    assertThat(handled).hasSize(jobs);
    assertThat(calls.get()).isEqualTo(jobs);
  }

  // Idleness.

  @Test
  void idleQueueIsIdleAtOnce() {
    assertThat(queue.awaitIdle(Duration.ZERO)).isTrue();
    assertThat(queue.drain(Duration.ZERO)).isTrue();
  }

  @Test
  void awaitIdleWaitsForReadyJobsAndThoseInHand() throws Exception {
    submit(0, 3);
    assertThat(queue.awaitIdle(MOMENT)).isFalse();
    Lease<String> lease = queue.take(3, LONG);
    int taken = lease.size();
    assertThat(queue.awaitIdle(MOMENT)).isFalse();
    CompletableFuture<Boolean> idle = CompletableFuture.supplyAsync(() -> queue.awaitIdle(LONG));
    lease.ackAll();
    while (taken < 3) {
      taken += queue.take(3, LONG).ackAll();
    }
    assertThat(idle.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void delayedJobsDoNotKeepItBusy() {
    queue.submit("later", Duration.ofDays(1));
    queue.work(1, seen::add);
    submit(0, 100);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(seen).hasSize(100);
    assertThat(queue.status().counts().delayed()).isEqualTo(1);
    assertThat(queue.drain(LONG)).isTrue();
  }

  @Test
  void jobsOfOtherPrioritiesKeepItBusy() {
    queue.submit("urgent", JobOptions.priority(Priority.URGENT));
    assertThat(queue.awaitIdle(MOMENT)).isFalse();
    queue.work(1, seen::add);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(seen).containsExactly("urgent");
  }

  /** A handler that submits before it returns: there is no idle moment in between. */
  @Test
  void chainOfJobsIsBusyToItsEnd() {
    int rounds = 300;
    queue.work(
        2,
        payload -> {
          int left = Integer.parseInt(payload);
          if (left > 0) {
            queue.submit(String.valueOf(left - 1));
          } else {
            seen.add("end");
          }
        });
    for (int round = 0; round < rounds; round++) {
      queue.submit("5");
      assertThat(queue.awaitIdle(LONG)).isTrue();
      assertThat(seen).hasSize(round + 1);
    }
  }

  @Test
  void retriesAreWaitedForWhenTheyAreInHandAndNotWhileDelayed() {
    queue.work(
        1,
        payload -> {
          seen.add(payload);
          throw new IllegalStateException("never");
        });
    submit(0, 1);
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(seen).hasSize(5);
  }

  @Test
  void interruptEndsAWaitForIdlenessAndStaysSet() {
    submit(0, 1);
    Thread.currentThread().interrupt();
    assertThat(queue.awaitIdle(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  // Drain.

  @Test
  void drainRefusesJobsAndWorksOn() {
    submit(0, 1_000);
    queue.work(2, seen::add);
    assertThat(queue.drain(LONG)).isTrue();
    assertThat(seen).hasSize(1_000);
    assertThatThrownBy(() -> queue.submit("no"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.DRAINING));
    assertThat(queue.trySubmit("no"))
        .isInstanceOfSatisfying(
            SubmitResult.Refused.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.DRAINING));
    assertThatThrownBy(() -> queue.submit("no", Duration.ofDays(1)))
        .isInstanceOf(RefusedException.class);
    queue.resume();
    queue.submit("yes");
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(seen).contains("yes");
  }

  @Test
  void retriesGoOnWhileDraining() {
    Set<String> failed = ConcurrentHashMap.newKeySet();
    submit(0, 200);
    queue.pause();
    queue.work(
        2,
        payload -> {
          if (failed.add(payload)) {
            throw new IllegalStateException("once");
          }
          seen.add(payload);
        });
    CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> queue.drain(LONG));
    Crash.await("it refuses", () -> !queue.trySubmit("x").accepted());
    Inside.desk(queue).pause(false);
    assertThat(drained.join()).isTrue();
    Crash.await("delayed retries are done", () -> queue.status().unfinished() == 0);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void closeEndsADrain() throws Exception {
    submit(0, 1);
    CompletableFuture<Boolean> drained = new CompletableFuture<>();
    Thread drainer = new Thread(() -> drained.complete(queue.drain(Duration.ofHours(1))));
    drainer.start();
    Crash.await("drainer waits", () -> drainer.getState() == Thread.State.TIMED_WAITING);
    queue.close();
    assertThat(drained.get(60, TimeUnit.SECONDS)).isFalse();
    assertThatThrownBy(() -> queue.submit("no"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CLOSED));
    assertThat(queue.awaitIdle(Duration.ZERO)).isFalse();
    assertThat(queue.drain(Duration.ZERO)).isFalse();
  }
}
