package dev.bobbin.kafka;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How long tests wait for what has to happen. */
final class Patience {
  static final Duration LONG = Duration.ofSeconds(60);

  private Patience() {}

  /** Waits until {@code condition} holds. For what no event tells of: figures in the status. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + LONG + ": " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** The next one that comes. */
  static <T> T next(BlockingQueue<T> things) {
    try {
      T next = things.poll(LONG.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError("nothing came within " + LONG);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
