package dev.bobbin.internal.work;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Where those wait who could take jobs but may not: the queue is paused, too much is in hand, the
 * throttle holds them back, or dead letters have no room. A queue without any of this pays one
 * volatile read for each batch taken and one for each batch given back. They do not wait at the
 * {@link dev.bobbin.internal.ring.Doorbell}: every job that comes in would wake one of them.
 *
 * <p>No wake-up is lost: whoever gives something back does so with a volatile write and then reads
 * {@link #waiting}; a waiter counts itself and then tries, both under the lock. Each one that
 * leaves wakes the next, who tries for itself; so one wake-up is enough, whatever has become free.
 */
public final class Turnstile {
  /** What a waiter wants. Called with the lock held; calls no user code. */
  interface Attempt {
    /** Takes what there is; returns how much, 0 for nothing. */
    int enter();

    /**
     * For how long there will be nothing, as far as time alone decides; else {@link Ticks#NEVER}.
     */
    long nanosToNext();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Written with the lock, read without it by the status. */
  private volatile boolean paused;

  /** Guarded by the lock. */
  private boolean full;

  /** Somebody waits for the next token; the others wait for him, or all would wake for it. */
  private boolean timed;

  /** Whether nobody may pass. Written with the lock, read without it. */
  private volatile boolean closed;

  /** How many wait. Written with the lock, read without it by whoever gives something back. */
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Closes it, or opens it if nothing else keeps it closed. {@code fullNow} is asked under the
   * lock, so that an older answer cannot replace a newer one.
   */
  public void update(BooleanSupplier fullNow) {
    lock.lock();
    try {
      full = fullNow.getAsBoolean();
      change();
    } finally {
      lock.unlock();
    }
  }

  void pause(boolean now) {
    lock.lock();
    try {
      paused = now;
      change();
    } finally {
      lock.unlock();
    }
  }

  boolean isPaused() {
    return paused;
  }

  private void change() {
    closed = paused || full;
    if (!closed) {
      changed.signalAll();
    }
  }

  public boolean isClosed() {
    return closed;
  }

  /** Something was given back: one of those that wait may try. */
  void freed() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Has those who wait look again whether they are to end. */
  void wakeAll() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until {@code attempt} gets something, at most {@code nanos}; 0 if {@code ended} holds or
   * the time is over first.
   *
   * @throws InterruptedException if the thread was interrupted; then nothing was taken
   */
  int await(Attempt attempt, BooleanSupplier ended, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      long left = nanos;
      while (left > 0 && !ended.getAsBoolean()) {
        int taken = closed ? 0 : attempt.enter();
        if (taken > 0) {
          return taken;
        }
        left = sleep(closed ? Ticks.NEVER : attempt.nanosToNext(), left);
      }
      return 0;
    } finally {
      waiting.decrementAndGet();
      changed.signal();
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is in await
  private long sleep(long due, long left) throws InterruptedException {
    if (left != Ticks.NEVER) {
      long slice = Math.min(due, left);
      return left - slice + changed.awaitNanos(slice);
    }
    if (due == Ticks.NEVER || timed) {
      changed.await();
    } else {
      timed = true;
      try {
        changed.awaitNanos(Math.max(due, TimeUnit.MICROSECONDS.toNanos(1)));
      } finally {
        timed = false;
      }
    }
    return Ticks.NEVER;
  }
}
