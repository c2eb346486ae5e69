package dev.bobbin.internal.work;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Holds workers back before their next batch while it is closed. An open one costs a worker one
 * volatile read a batch. Workers do not wait at the {@link dev.bobbin.internal.ring.Doorbell} for
 * it: every job that comes in meanwhile would wake one of them.
 */
public final class Turnstile {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Written with the lock, read without it by workers. */
  private volatile boolean closed;

  /**
   * Closes or opens it. {@code closedNow} is asked under the lock, so that an older answer cannot
   * replace a newer one.
   */
  public void update(BooleanSupplier closedNow) {
    lock.lock();
    try {
      boolean before = closed;
      closed = closedNow.getAsBoolean();
      if (before && !closed) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
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

  /** Waits until it is open or {@code ended} holds; an interrupt ends the wait and is cleared. */
  void await(BooleanSupplier ended) {
    lock.lock();
    try {
      while (closed && !ended.getAsBoolean()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      // Whoever interrupts a worker that holds no job wakes it once; it looks around and waits
      // again.
    } finally {
      lock.unlock();
    }
  }
}
