package dev.bobbin.internal.local;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Where those wait who want to know that a queue has nothing to do. While nobody does, a worker
 * pays one volatile read a batch; while somebody does, it looks after each batch whether that was
 * the last one.
 *
 * <p>No moment is missed: whoever waits counts himself and then looks; a worker counts what it has
 * done and then looks who waits, all with volatile strength. A queue that was idle and is not any
 * more when the waiter runs counts all the same.
 */
final class Idleness {
  private final BooleanSupplier idle;

  /** How often it was seen. Guarded by this object's monitor. */
  private long seen;

  private final AtomicInteger waiting = new AtomicInteger();

  /** {@code idle} is asked without a lock. */
  Idleness(BooleanSupplier idle) {
    this.idle = idle;
  }

  /** Jobs have left the workers' hands. */
  void mayHaveCome() {
    if (waiting.get() > 0 && idle.getAsBoolean()) {
      synchronized (this) {
        seen++;
        notifyAll();
      }
    }
  }

  /** Has those who wait look whether to end. */
  synchronized void wakeAll() {
    notifyAll();
  }

  /**
   * Waits until the queue has nothing to do, at most {@code nanos}; false if the time is over or
   * {@code ended} holds first.
   */
  boolean await(BooleanSupplier ended, long nanos) throws InterruptedException {
    waiting.incrementAndGet();
    try {
      long before = seen();
      return idle.getAsBoolean() || awaitSeen(before, ended, System.nanoTime() + nanos);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private synchronized long seen() {
    return seen;
  }

  private synchronized boolean awaitSeen(long before, BooleanSupplier ended, long deadline)
      throws InterruptedException {
    while (seen == before) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || ended.getAsBoolean()) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
