package dev.bobbin.internal.ring;

import dev.bobbin.internal.position.PositionRanges;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs of the ring are settled, finished or written to the journal, and up to where all of
 * them are. What workers report comes in through the {@link FinishedLog}, without a lock; all else
 * is guarded by the {@link Window}'s.
 */
final class Settlement {
  private final Ring ring;
  private final FinishedLog log;
  private final SettledMark mark;
  private final boolean journaled;

  /** Finished ranges beyond {@link #written}. */
  private final PositionRanges finished = new PositionRanges();

  private Acks acks = new Acks();
  private long written;
  private long marked;
  private long asidesSeen;
  private @Nullable Sweep sweep;

  /**
   * @param journaled whether unfinished jobs are written to a journal; if not, a ready job counts
   *     as written as soon as it is published
   */
  Settlement(Ring ring, FinishedLog log, SettledMark mark, boolean journaled) {
    this.ring = ring;
    this.log = log;
    this.mark = mark;
    this.journaled = journaled;
    this.written = ring.tail.getVolatile();
  }

  /** Reports a range as finished; false if the log is full. Takes no lock. */
  boolean report(long from, long to) {
    return log.offer(from, to);
  }

  /** Takes in what was reported. */
  void takeIn() {
    log.drain(this::take);
    if (!journaled) {
      // Tail first, then the count of aside frames: see Ring.appendAside.
      long end = ring.tail.getVolatile();
      if (ring.asides.getVolatile() == asidesSeen && end > written) {
        moveWritten(end);
      }
    }
  }

  private void take(long from, long to) {
    if (from < written) {
      acks.add(from, Math.min(to, written));
    }
    if (to > written) {
      finished.add(Math.max(from, written), to);
    }
  }

  private void moveWritten(long position) {
    finished.forEach(written, position, acks::add);
    finished.removeBelow(position);
    written = position;
  }

  /**
   * The first position that is neither written nor finished, or that the cycle under way has yet to
   * write.
   */
  long settled() {
    if (sweep != null) {
      long held = sweep.hold(written);
      if (held < sweep.cycleEnd()) {
        return held;
      }
    }
    return finished.firstUncovered(written);
  }

  /** Has recovery know that everything before {@code settled} is. */
  void mark(long settled) {
    if (settled > marked) {
      mark.store(settled);
      marked = settled;
    }
  }

  // The flush cycle's side.

  void holdFor(Sweep newSweep) {
    sweep = newSweep;
  }

  /** Adds the finished ranges that are not written to {@code target}. */
  void copyFinished(PositionRanges target) {
    finished.forEach(written, Long.MAX_VALUE, target::add);
  }

  /** The ranges of written jobs that were finished since the last call. */
  Acks takeAcks() {
    Acks taken = acks;
    acks = new Acks();
    return taken;
  }

  /** Whether finished ranges of written jobs wait to be taken. */
  boolean hasAcks() {
    return !acks.isEmpty();
  }

  /** Everything before it is in the journal or finished. */
  long written() {
    return written;
  }

  /** The first unfinished position at or after {@code position}. */
  long firstUnfinished(long position) {
    return finished.firstUncovered(position);
  }

  /**
   * The unfinished jobs before {@code position} are written.
   *
   * @param asidesCounted how many aside frames lie below it, or -1 if unknown
   */
  void written(long position, long asidesCounted) {
    asidesSeen = asidesCounted >= 0 ? asidesCounted : asidesSeen;
    if (position > written) {
      moveWritten(position);
    }
  }
}
