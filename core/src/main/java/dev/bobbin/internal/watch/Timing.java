package dev.bobbin.internal.watch;

import dev.bobbin.QueueStatus.Percentiles;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Percentiles of what was recorded in the last 15 to 30 seconds: a histogram that fills and the one
 * before it. Guarded by the watch that owns it. Costs nothing until something is recorded.
 */
final class Timing {
  static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** Two digits: what is read off is right to one part in a hundred. */
  static final int DIGITS = 2;

  private @Nullable Histogram now;
  private @Nullable Histogram before;
  private long turnedNanos;

  void add(Histogram interval) {
    if (interval.getTotalCount() > 0) {
      if (now == null) {
        now = new Histogram(DIGITS);
      }
      now.add(interval);
    }
  }

  /** Begins a new histogram when it is time to. */
  void turn(long nowNanos) {
    long age = nowNanos - turnedNanos;
    if (age >= TURN_NANOS || age < 0) {
      before = age < 2 * TURN_NANOS ? now : null;
      now = null;
      turnedNanos = nowNanos;
    }
  }

  /** In units of {@code unitNanos}. */
  Percentiles percentiles(long unitNanos) {
    Histogram all = now == null ? before : now;
    if (all == null) {
      return Percentiles.NONE;
    }
    if (now != null && before != null) {
      all = before.copy();
      all.add(now);
    }
    return new Percentiles(
        all.getTotalCount(),
        duration(all.getValueAtPercentile(50), unitNanos),
        duration(all.getValueAtPercentile(99), unitNanos),
        duration(all.getMaxValue(), unitNanos));
  }

  private static Duration duration(long value, long unitNanos) {
    return Duration.ofNanos(value * unitNanos);
  }
}
