package dev.bobbin.internal.watch;

import java.util.concurrent.atomic.LongAdder;

/** Counts since the queue was opened. Workers add once a batch; anyone may read. */
public final class Counters {
  /**
   * Jobs that came in by another way than as a ready frame in the ring: recovered ones, and those
   * with a delay.
   */
  public final LongAdder entered = new LongAdder();

  public final LongAdder acked = new LongAdder();
  public final LongAdder retried = new LongAdder();
  public final LongAdder snoozed = new LongAdder();
  public final LongAdder died = new LongAdder();

  /** Dead letters that were dropped because there were more than may be kept. */
  public final LongAdder deadDiscarded = new LongAdder();

  /** Those of {@link #died} whose time to live was over. */
  public final LongAdder expired = new LongAdder();

  public final LongAdder flushes = new LongAdder();

  /** Jobs that are done with: acked or dead. */
  public long left() {
    return acked.sum() + died.sum();
  }
}
