package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;
import org.jspecify.annotations.Nullable;

/**
 * Where the jobs of [first, end) lie in the journal, and which of them are finished. Kept in memory
 * while one is not. Where it lies never changes; which jobs are finished is guarded by {@link
 * Extents}.
 */
public final class Extent {
  final long first;
  final long end;
  final Segment segment;
  final long bodyOffset;
  final int bodyBytes;
  final int bodyCheck;
  final int ready;
  final int asides;

  /** Pairs of positions, from and to, that have no frame here. */
  private final long[] gaps;

  /** The gaps and what was finished since; null while nothing was. */
  private @Nullable PositionRanges finished;

  private long liveBytes;

  Extent(Segment segment, long offset, Block.Header header, long[] gaps) {
    this.first = header.first();
    this.end = header.end();
    this.segment = segment;
    this.bodyOffset = offset + Block.HEADER_BYTES;
    this.bodyBytes = header.bodyBytes();
    this.bodyCheck = header.bodyCheck();
    this.ready = header.ready();
    this.asides = header.asides();
    this.gaps = gaps;
    this.liveBytes = bodyBytes;
  }

  /** First position covered. */
  public long first() {
    return first;
  }

  /** End of the positions covered. */
  public long end() {
    return end;
  }

  /** Jobs that were ready when they were written, finished ones included. */
  public int ready() {
    return ready;
  }

  /** Jobs that have to be looked at, finished ones included. */
  public int asides() {
    return asides;
  }

  /** Whether no job of it was finished since it was written. */
  public boolean isWhole() {
    return finished == null;
  }

  long blockOffset() {
    return bodyOffset - Block.HEADER_BYTES;
  }

  /** Where in the body the frame of {@code position} begins, or -1 if there is none. */
  int bodyOffsetOf(long position) {
    long missing = 0;
    for (int i = 0; i < gaps.length && gaps[i] <= position; i += 2) {
      if (position < gaps[i + 1]) {
        return -1;
      }
      missing += gaps[i + 1] - gaps[i];
    }
    long offset = position - first - missing;
    return offset < 0 || offset >= bodyBytes ? -1 : (int) offset;
  }

  public boolean isFinished(long position) {
    return finished == null ? bodyOffsetOf(position) < 0 : finished.contains(position);
  }

  /** The oldest unfinished job; there must be one. */
  long firstUnfinished() {
    return (finished == null ? gapRanges() : finished).firstUncovered(first);
  }

  /** Bytes of unfinished jobs. */
  public long liveBytes() {
    return liveBytes;
  }

  /**
   * Marks the part of [from, to) that lies here as finished; returns how many bytes that newly
   * settled.
   */
  long finish(long from, long to) {
    long clippedFrom = Math.max(from, first);
    long clippedTo = Math.min(to, end);
    if (clippedFrom >= clippedTo) {
      return 0;
    }
    if (finished == null) {
      finished = gapRanges();
    }
    long settled = finished.add(clippedFrom, clippedTo);
    liveBytes -= settled;
    return settled;
  }

  /** The positions without an unfinished job. */
  PositionRanges copyFinished() {
    if (finished == null) {
      return gapRanges();
    }
    PositionRanges copy = new PositionRanges();
    finished.forEach(first, end, copy::add);
    return copy;
  }

  private PositionRanges gapRanges() {
    PositionRanges ranges = new PositionRanges();
    for (int i = 0; i < gaps.length; i += 2) {
      ranges.add(gaps[i], gaps[i + 1]);
    }
    return ranges;
  }
}
