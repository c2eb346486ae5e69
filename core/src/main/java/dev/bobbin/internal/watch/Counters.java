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

  /** Jobs that went to others because the lease they were held under had ended. */
  public final LongAdder leasesLost = new LongAdder();

  /** Jobs that were handed back because the queue was closed while they were in hand. */
  public final LongAdder interrupted = new LongAdder();

  /** Outcomes that came when the job was no longer theirs to settle, and changed nothing. */
  public final LongAdder staleAcks = new LongAdder();

  /** Workers whose lease was lost and whose handler has not returned: goes up and down. */
  public final LongAdder stuck = new LongAdder();

  /** Jobs that are done with: acked or dead. */
  public long left() {
    return acked.sum() + died.sum();
  }
}
