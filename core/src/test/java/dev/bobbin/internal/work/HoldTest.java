package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.time.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The races between a worker and the timing thread, many times over. */
@Timeout(120)
class HoldTest {
  private static final int ROUNDS = 200_000;

  /** Invariant 6: of the worker and whoever takes its batch away, exactly one gets it. */
  @Test
  void exactlyOneGetsTheBatch() throws Exception {
    Hold hold = new Hold();
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong taken = new AtomicLong();
    // What a batch is, written by the worker while it has it, by the taker when he got it.
    long[] batch = {0};
    AtomicLong wrong = new AtomicLong();
    Thread taker =
        new Thread(
            () -> {
              while (!done.get()) {
                long held = hold.held();
                if (held != 0 && hold.takeAway(held)) {
                  if (batch[0] <= 0) {
                    wrong.incrementAndGet();
                  }
                  batch[0] = -batch[0];
                  taken.incrementAndGet();
                  hold.taken();
                }
              }
            });
    hold.runBy(Thread.currentThread());
    taker.start();
    long kept = 0;
    int rounds = 0;
    // The taker's thread may take a while to start: go on until it has got a batch.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    for (int round = 1;
        round <= ROUNDS || (taken.get() == 0 && System.nanoTime() < deadline);
        round++) {
      rounds++;
      batch[0] = round;
      hold.begin(Ticks.now());
      for (int pauses = round % 64; pauses > 0; pauses--) {
        Thread.onSpinWait();
      }
      if (hold.end()) {
        kept++;
        if (batch[0] != round) {
          wrong.incrementAndGet();
        }
      } else if (batch[0] != -round) {
        wrong.incrementAndGet();
      }
      assertThat(hold.isStuck()).isFalse();
    }
    done.set(true);
    taker.join();
    assertThat(wrong.get()).isZero();
    assertThat(kept + taken.get()).isEqualTo(rounds);
    assertThat(taken.get()).isPositive();
  }

  @Test
  void laterBatchIsNotTakenForTheOneThatWasLookedAt() {
    Hold hold = new Hold();
    hold.begin(1);
    long first = hold.held();
    assertThat(hold.end()).isTrue();
    hold.begin(2);
    assertThat(hold.takeAway(first)).isFalse();
    assertThat(hold.takeAway(hold.held())).isTrue();
    hold.taken();
    assertThat(hold.isStuck()).isTrue();
    assertThat(hold.isUrgent()).isTrue();
    assertThat(hold.end()).isFalse();
    assertThat(hold.isStuck()).isFalse();
    hold.begin(3);
    assertThat(hold.isUrgent()).isFalse();
  }

  @Test
  void shutDownOutlastsTheBatch() {
    Hold hold = new Hold();
    hold.shutDown();
    hold.begin(1);
    assertThat(hold.isUrgent()).isTrue();
    assertThat(hold.isShutDown()).isTrue();
  }

  /** An interrupt that comes when the call has just ended must be gone before the next begins. */
  @Test
  void interruptNeverOutlivesItsCall() throws Exception {
    CallGuard guard = new CallGuard(Time.system(), 0);
    AtomicBoolean done = new AtomicBoolean();
    Thread worker = Thread.currentThread();
    Thread timer =
        new Thread(
            () -> {
              while (!done.get()) {
                guard.check(Ticks.now(), worker);
              }
            });
    timer.start();
    int late = 0;
    int leaked = 0;
    // The timer's thread may take a while to start: go on until it has met a call.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    for (int call = 0; call < ROUNDS || (late == 0 && System.nanoTime() < deadline); call++) {
      guard.begin();
      if (guard.end()) {
        late++;
      }
      if (Thread.interrupted()) {
        leaked++;
      }
    }
    done.set(true);
    timer.join();
    assertThat(leaked).isZero();
    assertThat(late).isPositive();
  }

  @Test
  void slowCallIsInterruptedOnce() {
    CallGuard guard = new CallGuard(Time.system(), 1_000_000);
    long before = Ticks.now();
    guard.begin();
    long now = Ticks.now();
    assertThat(guard.check(before, Thread.currentThread()))
        .isBetween(before + 1_000_000, now + 1_000_000);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    guard.check(now + 2_000_000, Thread.currentThread());
    assertThat(Thread.interrupted()).isTrue();
    guard.check(now + 9_000_000, Thread.currentThread());
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(guard.end()).isTrue();
    guard.begin();
    assertThat(guard.end()).isFalse();
  }
}
