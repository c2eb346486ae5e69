package dev.bobbin.kafka;

import java.util.concurrent.TimeUnit;

/** Waits for threads to end. */
final class Threads {
  private Threads() {}

  /** Waits until {@code thread} has ended, whatever interrupts come; they stay set. */
  static void join(Thread thread) {
    join(thread, Long.MAX_VALUE);
  }

  /** As {@link #join(Thread)}, at most {@code nanos}; returns whether it has ended. */
  static boolean join(Thread thread, long nanos) {
    boolean interrupted = false;
    long began = System.nanoTime();
    long left = nanos;
    while (thread.isAlive() && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = nanos - (System.nanoTime() - began);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
