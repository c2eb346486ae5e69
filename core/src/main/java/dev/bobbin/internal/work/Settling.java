package dev.bobbin.internal.work;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts those who are about to take or settle jobs under a lease on threads of their own, so that
 * a queue that closes can wait for them: after {@link #close} nobody touches the ring's jobs any
 * more. Thread-safe.
 */
final class Settling {
  private static final long CLOSED = Long.MIN_VALUE;

  /** How many there are; negative when it is closed. */
  private final AtomicLong inside = new AtomicLong();

  private volatile @Nullable Thread closer;

  /** False if it is closed; otherwise {@link #exit} must follow. */
  boolean enter() {
    if (inside.getAndIncrement() >= 0) {
      return true;
    }
    exit();
    return false;
  }

  void exit() {
    if (inside.decrementAndGet() == CLOSED) {
      LockSupport.unpark(closer);
    }
  }

  /** Lets nobody in from now on, and waits until all are out; called by one thread. */
  void close() {
    closer = Thread.currentThread();
    inside.getAndUpdate(now -> now >= 0 ? now + CLOSED : now);
    boolean interrupted = false;
    while (inside.get() != CLOSED) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
