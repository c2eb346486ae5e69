package dev.bobbin.internal.watch;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What one worker is doing, and how long its jobs took. Written by its worker once or twice a
 * batch, read by anyone.
 */
public final class WorkerGauge {
  /** In place of a time: no batch is in hand. */
  static final long IDLE = Long.MIN_VALUE;

  private final AtomicLong since = new AtomicLong(IDLE);
  private final AtomicLong inHand = new AtomicLong();
  private final AtomicLong busyNanos = new AtomicLong();
  private final AtomicLong jobs = new AtomicLong();
  final Recording waitMillis = new Recording();
  final Recording handlerNanos = new Recording();

  WorkerGauge() {}

  /** A batch was taken. A batch's jobs count with the wait of the first, which waited longest. */
  public void took(int batch, long nowNanos, long firstWaitedMillis) {
    inHand.setOpaque(batch);
    since.setOpaque(nowNanos);
    waitMillis.record(firstWaitedMillis, batch);
  }

  /** The handler has returned. */
  public void handled(int batch, long nanos) {
    handlerNanos.record(nanos / batch, batch);
    jobs.setOpaque(jobs.getPlain() + batch);
    busyNanos.setOpaque(busyNanos.getPlain() + nanos);
  }

  /** The batch is done with. */
  public void idle() {
    since.setOpaque(IDLE);
  }

  /** For how long the batch in hand has been there, or {@link #IDLE}. */
  long inHandNanos(long nowNanos) {
    long began = since.getOpaque();
    return began == IDLE ? IDLE : Math.max(0, nowNanos - began);
  }

  /** Jobs in the batch that was taken last. */
  long lastBatch() {
    return inHand.getOpaque();
  }

  long busyNanos() {
    return busyNanos.getOpaque();
  }

  long jobs() {
    return jobs.getOpaque();
  }
}
