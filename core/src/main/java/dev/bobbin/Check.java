package dev.bobbin;

import java.time.Duration;

/** Checks of options; each message names the option, the value and the range. */
final class Check {
  private Check() {}

  static long range(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option
              + " must be from "
              + min
              + " to "
              + (max == Long.MAX_VALUE ? "unlimited" : max)
              + ", found "
              + value);
    }
    return value;
  }

  static Duration range(String option, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          option + " must be from " + min + " to " + max + ", found " + value);
    }
    return value;
  }

  static int powerOfTwo(String option, int value, int min, int max) {
    range(option, value, min, max);
    if (Integer.bitCount(value) != 1) {
      throw new IllegalArgumentException(
          option + " must be a power of two from " + min + " to " + max + ", found " + value);
    }
    return value;
  }
}
