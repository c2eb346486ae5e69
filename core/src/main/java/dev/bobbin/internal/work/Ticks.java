package dev.bobbin.internal.work;

import dev.bobbin.internal.time.Time;

/**
 * The machine's monotonic clock, for the waits of callers. What decides about jobs goes by {@link
 * Desk#time}.
 */
final class Ticks {
  /** Later than every time, and than every time plus the longest delay. */
  static final long NEVER = Long.MAX_VALUE;

  private Ticks() {}

  static long now() {
    return Time.system().nanos();
  }
}
