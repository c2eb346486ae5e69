package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;

/**
 * Where the jobs of [first, end) lie in the journal, and which of them are finished. Kept in memory
 * while one is not. Owned by the I/O thread.
 */
public final class Extent {
  final long first;
  final long end;
  final Segment segment;
  final long bodyOffset;
  final int bodyBytes;
  final int bodyCheck;
  private final PositionRanges finished;

  /**
   * {@code finished} holds the positions that were finished before the block was written, and now
   * belongs here.
   */
  Extent(
      long first,
      long end,
      Segment segment,
      long bodyOffset,
      int bodyBytes,
      int bodyCheck,
      PositionRanges finished) {
    this.first = first;
    this.end = end;
    this.segment = segment;
    this.bodyOffset = bodyOffset;
    this.bodyBytes = bodyBytes;
    this.bodyCheck = bodyCheck;
    this.finished = finished;
  }

  /** First position covered. */
  public long first() {
    return first;
  }

  /** End of the positions covered. */
  public long end() {
    return end;
  }

  public boolean isFinished(long position) {
    return finished.contains(position);
  }

  long liveBytes() {
    return end - first - finished.covered();
  }

  /**
   * Marks the part of [from, to) that lies here as finished; returns how many bytes that newly
   * settled.
   */
  long finish(long from, long to) {
    long clippedFrom = Math.max(from, first);
    long clippedTo = Math.min(to, end);
    return clippedFrom < clippedTo ? finished.add(clippedFrom, clippedTo) : 0;
  }

  /** The positions that are finished here, for the copy that takes this extent's place. */
  PositionRanges copyFinished() {
    PositionRanges copy = new PositionRanges();
    finished.forEach(first, end, copy::add);
    return copy;
  }
}
