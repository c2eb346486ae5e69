package dev.bobbin.benchmarks.transport;

import java.util.concurrent.locks.LockSupport;

/** What a paced producer does while no job is due. */
public enum Waiting {
  /** It spins: a parked thread would come back too late for the next job. Takes a processor. */
  SPINNING,

  /** It sleeps until shortly before, and spins then: leaves the processors to the workers. */
  NAPPING,

  /** It sleeps a millisecond at a time: jobs are late, but the processor time is the queue's. */
  RESTING;

  private static final long REST_NANOS = 1_000_000;

  /** Longer than it takes to come back from a sleep. */
  private static final long WAKE_NANOS = 150_000;

  void until(long dueNanos) {
    for (long left; (left = dueNanos - System.nanoTime()) > 0; ) {
      if (this == RESTING) {
        LockSupport.parkNanos(this, REST_NANOS);
      } else if (this == NAPPING && left > WAKE_NANOS) {
        LockSupport.parkNanos(this, left - WAKE_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
