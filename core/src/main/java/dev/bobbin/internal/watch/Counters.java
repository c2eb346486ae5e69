package dev.bobbin.internal.watch;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts since the queue was opened. Added to once a batch, or once for each job that goes an
 * unusual way; anyone may read. The ready jobs that come in through the ring are counted there.
 *
 * <p>How many jobs are in which state follows from these counts (see StatusReader in local), so
 * each event has to be counted, in its order:
 *
 * <pre>
 *   entered ----> taken ----> acked | died                                   the job has left
 *                 (a delivery) retried | snoozed | leasesLost | interrupted | handedBack
 * </pre>
 *
 * <p>A job is counted as entered before a worker can take it, a delivery as taken before it can
 * end, and each delivery ends in exactly one of the seven.
 */
public final class Counters {
  /**
   * Jobs that came in by another way than as a ready frame in the ring: recovered ones, those with
   * a delay, dead letters that somebody sent back.
   */
  public final LongAdder entered = new LongAdder();

  /** Deliveries: jobs handed to a worker, or to somebody who pulls. */
  public final LongAdder taken = new LongAdder();

  public final LongAdder acked = new LongAdder();

  /** Jobs that became dead letters. */
  public final LongAdder died = new LongAdder();

  /** Deliveries that failed and were put off for another attempt. */
  public final LongAdder retried = new LongAdder();

  public final LongAdder snoozed = new LongAdder();

  /** Jobs that went to others because their lease ended. */
  public final LongAdder leasesLost = new LongAdder();

  /** Jobs that were handed back because a worker stopped. */
  public final LongAdder interrupted = new LongAdder();

  /** Jobs that were taken and given to others before a handler saw them. */
  public final LongAdder handedBack = new LongAdder();

  // Not part of the balance.

  /** Deliveries that failed, whatever became of their jobs. */
  public final LongAdder failed = new LongAdder();

  /** Those of {@link #died} that a handler rejected or no codec could decode. */
  public final LongAdder rejected = new LongAdder();

  /** Those of {@link #died} whose time to live was over. */
  public final LongAdder expired = new LongAdder();

  /** Outcomes that came too late and were refused. */
  public final LongAdder staleAcks = new LongAdder();

  /** Dead letters that were dropped because there were more than may be kept. */
  public final LongAdder deadDiscarded = new LongAdder();

  public final LongAdder flushes = new LongAdder();

  /** Workers whose lease was lost and whose handler has not returned: goes up and down. */
  public final LongAdder stuck = new LongAdder();

  /** Jobs that are done with. */
  public long left() {
    return acked.sum() + died.sum();
  }

  /** Deliveries that ended without ending the job. */
  public long cameBack() {
    return retried.sum() + snoozed.sum() + leasesLost.sum() + interrupted.sum() + handedBack.sum();
  }
}
