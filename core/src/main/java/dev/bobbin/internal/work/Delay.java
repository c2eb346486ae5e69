package dev.bobbin.internal.work;

import java.time.Duration;

/** The range of delays. */
public final class Delay {
  /** The longest, ten years: fits nanoseconds. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  private Delay() {}

  /**
   * {@code delay} in nanoseconds.
   *
   * @throws IllegalArgumentException if it is negative or too long
   */
  public static long nanos(Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a delay must be from 0 to " + LONGEST.toDays() + " days, found " + delay);
    }
    return delay.toNanos();
  }
}
