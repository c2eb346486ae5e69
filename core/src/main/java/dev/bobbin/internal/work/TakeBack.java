package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Frame;

/**
 * Settles a batch that was taken away from its worker as far as it was handled, and gives the rest
 * to others. Never waits: what became of a failed job is carried out if there is room at once, and
 * otherwise the job is delivered again as it was.
 */
final class TakeBack {
  private final Desk desk;
  private final Outcomes outcomes;
  private final byte[] bytes;
  private final Delivery open;
  private int acked;

  /** Positions that are to be reported as finished, as far as they are neighbours. */
  private long from;

  private long to;

  /** For a batch of at most {@code jobs} in {@code bytes}. */
  TakeBack(Desk desk, byte[] bytes, int jobs) {
    this.desk = desk;
    this.outcomes = new Outcomes(desk);
    this.bytes = bytes;
    this.open = Delivery.over(bytes, jobs);
  }

  /** The job at {@code offset} was done. */
  void acked(int offset) {
    acked++;
    long position = Frame.position(bytes, offset);
    if (position != to) {
      report();
      from = position;
    }
    to = position + Frame.aligned(Frame.length(bytes, offset));
  }

  private void report() {
    if (from < to) {
      desk.finish(from, to);
    }
  }

  /** A job was handled and not acked. */
  void failed(Unacked job) {
    if (!outcomes.tryCarryOut(job)) {
      open.addInPlace(job.offset());
    }
  }

  /** The job at {@code offset} was not handled, or not to its end. */
  void open(int offset) {
    open.addInPlace(offset);
  }

  /** All jobs of {@code batch} are open. */
  void openAll(Delivery batch) {
    for (int i = 0; i < batch.size(); i++) {
      open(batch.offset(i));
    }
  }

  /**
   * Tells the queue; returns how many jobs are open. {@code outsideBytes} is what the batch counts
   * for among the bytes outside the ring: nothing if it came from there.
   */
  int finish(long outsideBytes, GivenUp why) {
    report();
    desk.ledger.acked(acked);
    int left = open.size();
    desk.ledger.outside((why.goOn() ? open.bytesUsed() : 0) - outsideBytes);
    desk.ledger.givenUp(left, why);
    desk.ledger.reported();
    return left;
  }

  /** Gives the open jobs to others through {@code lane}: the last step, after {@link #finish}. */
  void putBack(Lane lane) {
    if (open.size() > 0) {
      desk.putBack(lane, open);
    }
  }
}
