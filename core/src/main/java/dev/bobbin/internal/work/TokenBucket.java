package dev.bobbin.internal.work;

import java.util.concurrent.TimeUnit;

/**
 * How many jobs may be handed out now so that they are no more than {@code perSecond} over time and
 * {@code burst} at once. Thread-safe; times are handed in and count in nanoseconds.
 */
final class TokenBucket {
  private final double perNano;
  private final int burst;

  // Guarded by this object's monitor.
  private double tokens;
  private long filled;

  TokenBucket(double perSecond, int burst, long now) {
    this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
    this.burst = burst;
    this.tokens = burst;
    this.filled = now;
  }

  /** Takes at most {@code wanted}; returns how many. */
  synchronized int take(int wanted, long now) {
    fill(now);
    int taken = (int) Math.min(wanted, tokens);
    tokens -= taken;
    return taken;
  }

  /** Gives back what was taken and not used. */
  synchronized void giveBack(int unused) {
    tokens = Math.min(burst, tokens + unused);
  }

  /** How long until there is one; 0 if there is. */
  synchronized long nanosToNext(long now) {
    fill(now);
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perNano);
  }

  private void fill(long now) {
    if (now > filled) {
      tokens = Math.min(burst, tokens + (now - filled) * perNano);
      filled = now;
    }
  }
}
