package dev.bobbin.kafka;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Keeps the counts of a queue right although other processes work on it: asks the brokers now and
 * then, while somebody wants to know. Thread-safe; only {@link #refresh} waits.
 */
final class Gauge {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long after the last question the brokers are asked on. */
  private static final long INTEREST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Lags lags;
  private final Keeper keeper;
  private final AtomicBoolean asking = new AtomicBoolean();

  /** Threads that wait for the counts to change. */
  private final AtomicInteger waiting = new AtomicInteger();

  private volatile long askedNanos;
  private volatile long wantedNanos;

  Gauge(Lags lags, Keeper keeper) {
    this.lags = lags;
    this.keeper = keeper;
    long now = System.nanoTime();
    this.askedNanos = now - EVERY_NANOS;
    this.wantedNanos = now - INTEREST_NANOS;
  }

  /** Somebody looks at the counts. */
  void wanted() {
    wantedNanos = System.nanoTime();
    askIfOld();
  }

  /** Somebody begins to wait for the counts to change, or ends with it. */
  void waiting(int change) {
    waiting.addAndGet(change);
  }

  /** To be called often. */
  void tick() {
    if (waiting.get() > 0 || System.nanoTime() - wantedNanos < INTEREST_NANOS) {
      askIfOld();
    }
  }

  private void askIfOld() {
    long now = System.nanoTime();
    if (now - askedNanos >= EVERY_NANOS && asking.compareAndSet(false, true)) {
      askedNanos = now;
      ask().whenComplete((done, e) -> asking.set(false));
    }
  }

  /** Asks the brokers and waits for the answer; false if there was none before the deadline. */
  boolean refresh(long deadlineNanos) throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    while (left > 0) {
      try {
        ask().toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        // They may answer yet.
        TimeUnit.NANOSECONDS.sleep(Math.min(left, EVERY_NANOS));
        left = deadlineNanos - System.nanoTime();
      }
    }
    return false;
  }

  /** Asks the brokers; complete when they have answered. */
  CompletionStage<Void> ask() {
    return sample(lags::ready, keeper.ready)
        .thenCombine(sample(lags::delayed, keeper.delayed), (a, b) -> null);
  }

  private CompletionStage<Void> sample(Supplier<CompletionStage<Long>> lag, Flow flow) {
    Flow.Totals before = flow.totals();
    return lag.get()
        .thenAccept(
            jobs -> {
              flow.sampled(jobs, before);
              keeper.moved();
            });
  }
}
