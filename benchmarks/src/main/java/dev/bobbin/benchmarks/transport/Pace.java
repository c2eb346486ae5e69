package dev.bobbin.benchmarks.transport;

import java.util.concurrent.locks.LockSupport;

/**
 * When each job of a producer is due.
 *
 * @param resting whether the producer sleeps a millisecond at a time while none is: its jobs are
 *     late, but the processor time is the queue's
 */
record Pace(long startNanos, long first, double everyNanos, boolean resting) {
  private static final long REST_NANOS = 1_000_000;

  long dueNanos(long number) {
    return startNanos + (long) ((number - first) * everyNanos);
  }

  /** Spins unless it is resting: a parked thread would come back too late for the next job. */
  void awaitTurn(long number) {
    long due = dueNanos(number);
    while (System.nanoTime() - due < 0) {
      if (resting) {
        LockSupport.parkNanos(this, REST_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
