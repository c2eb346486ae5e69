package dev.bobbin.internal.local;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets one thread go on at a steady rate. Owned by that thread. */
public final class Pace {
  /** How far behind it may make up for: what a wake-up that came late has cost, no more. */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final double stepNanos;
  private long next = System.nanoTime();

  /** A rate, more than 0. */
  public Pace(double perSecond) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("jobsPerSecond must be more than 0, found " + perSecond);
    }
    this.stepNanos = 1e9 / perSecond;
  }

  /**
   * Waits until it is time for the next; an interrupt ends the wait and stays set.
   *
   * @param check called at least every 100 ms, to throw if there is no point in waiting
   * @return false if the thread is interrupted
   */
  public boolean await(Runnable check) {
    long now = System.nanoTime();
    while (next - now > 0 && !Thread.currentThread().isInterrupted()) {
      check.run();
      LockSupport.parkNanos(this, Math.min(next - now, SLICE_NANOS));
      now = System.nanoTime();
    }
    next = Math.max(next - now, -SLACK_NANOS) + now + (long) Math.min(stepNanos, 1e18);
    return !Thread.currentThread().isInterrupted();
  }
}
