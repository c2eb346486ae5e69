package dev.bobbin.internal.watch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the disk takes: what a queue's flush cycle spends in writing and forcing. Written by the
 * I/O thread, read by anyone.
 */
public final class FlushGauge {
  /** A flush of this length is a slow one. */
  static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long NOT_NOW = Long.MIN_VALUE;

  private final AtomicLong since = new AtomicLong(NOT_NOW);
  private final AtomicLong slowNanos = new AtomicLong();
  final Recording times = new Recording();

  /** I/O thread only. */
  private long spentNanos;

  FlushGauge() {}

  /** The disk is asked for something. */
  public void begin() {
    since.setOpaque(System.nanoTime());
  }

  /** It has answered, and is not asked further for now. */
  public void pause() {
    spentNanos += System.nanoTime() - since.getPlain();
    since.setOpaque(NOT_NOW);
  }

  /** The flush is over. {@code counts} says whether it had anything to do. */
  public void end(boolean counts) {
    if (counts) {
      times.record(spentNanos / 1_000, 1);
      if (spentNanos >= SLOW_NANOS) {
        slowNanos.setOpaque(slowNanos.getPlain() + spentNanos);
      }
    }
    spentNanos = 0;
  }

  /** Time spent in slow flushes since the queue was opened, one that lasts still included. */
  public long slowNanos(long nowNanos) {
    long began = since.getOpaque();
    long now = began == NOT_NOW ? 0 : nowNanos - began;
    return slowNanos.getOpaque() + (now >= SLOW_NANOS ? now : 0);
  }
}
