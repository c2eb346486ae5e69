package dev.bobbin.internal.work;

import java.util.concurrent.TimeUnit;

/** How many leases hold jobs. Thread-safe. */
final class LeaseCount {
  /** Guarded by this object's monitor. */
  private int live;

  synchronized void begun() {
    live++;
  }

  synchronized void ended() {
    live--;
    if (live == 0) {
      notifyAll();
    }
  }

  /** Waits until there is none, at most {@code nanos}, whatever interrupts come. */
  synchronized boolean awaitNone(long nanos) {
    long deadline = Ticks.now() + nanos;
    boolean interrupted = false;
    while (live > 0 && deadline > Ticks.now()) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - Ticks.now());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return live == 0;
  }
}
