package dev.bobbin.internal.admit;

/**
 * How long producers have waited for room, added up over all of them, those that still wait
 * included. Guarded by itself; entered only by producers that have to wait anyway.
 */
public final class Waits {
  private int waiting;
  private long nanos;
  private long changedNanos;

  Waits() {}

  synchronized void begin() {
    advance(System.nanoTime());
    waiting++;
  }

  synchronized void end() {
    advance(System.nanoTime());
    waiting--;
  }

  private void advance(long now) {
    nanos += waiting * (now - changedNanos);
    changedNanos = now;
  }

  /** Producers that wait now. */
  public synchronized int waiting() {
    return waiting;
  }

  /** Time that producers have waited up to {@code nowNanos}. */
  public synchronized long nanos(long nowNanos) {
    return nanos + waiting * Math.max(0, nowNanos - changedNanos);
  }
}
