package dev.bobbin.internal.work;

/**
 * Invariant 11: leases are monotonic. Nanoseconds of the monotonic clock since this class was
 * loaded: unlike those of {@link System#nanoTime} never negative, so that sums of a time and a
 * length compare as they are.
 */
final class Ticks {
  /** Later than every time, and than every time plus the longest delay. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long ORIGIN = System.nanoTime();

  private Ticks() {}

  static long now() {
    return System.nanoTime() - ORIGIN;
  }
}
