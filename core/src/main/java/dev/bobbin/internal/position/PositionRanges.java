package dev.bobbin.internal.position;

import java.util.Arrays;

/**
 * A set of positions, kept as half-open ranges that are merged as soon as they touch.
 *
 * <p>Jobs finish almost in order, so there are few ranges and almost every addition grows one near
 * the end or closes a gap near the front. Both are cheap: the search walks from the end in doubling
 * steps, the shorter side makes way for an insertion or closes up after a merge, and what is
 * dropped from the front only moves an index. Nothing is allocated unless the number of ranges
 * outgrows the arrays.
 *
 * <p>Guarantees: the ranges are sorted, none is empty, and between two of them at least one
 * position is uncovered. Positions that {@link #removeBelow} has forgotten may be added again; the
 * set keeps no floor of its own.
 *
 * <p>Not thread-safe. Owner: whoever holds the queue's reclaim lock.
 */
public final class PositionRanges {

  private static final int INITIAL_CAPACITY = 16;

  /** Up to this many ranges (16 KiB) the room is kept, so that a small set never copies. */
  private static final int KEPT_CAPACITY = 1024;

  // Range i covers [starts[i], ends[i]), for first <= i < last.
  private long[] starts = new long[INITIAL_CAPACITY];
  private long[] ends = new long[INITIAL_CAPACITY];
  private int first;
  private int last;
  private long covered;

  /** Receives the covered pieces in order; it must not change the set. */
  public interface Visitor {
    /**
     * Takes one covered piece: the positions from {@code from} up to, not including, {@code to}.
     */
    void range(long from, long to);
  }

  /**
   * Covers the positions from {@code from} up to, not including, {@code to}.
   *
   * @return how many of them were not covered before
   * @throws IllegalArgumentException if the range is empty or reversed
   */
  public long add(long from, long to) {
    if (from >= to) {
      throw new IllegalArgumentException(
          "expected a range with from < to, found [" + from + ", " + to + ")");
    }
    int low = firstEndingAtOrAfter(from);
    int high = low;
    long before = 0;
    while (high < last && starts[high] <= to) {
      before += ends[high] - starts[high];
      high++;
    }
    long after;
    if (low == high) {
      low = openGap(low);
      starts[low] = from;
      ends[low] = to;
      after = to - from;
    } else {
      long mergedStart = Math.min(from, starts[low]);
      long mergedEnd = Math.max(to, ends[high - 1]);
      low = closeGap(low, high);
      starts[low] = mergedStart;
      ends[low] = mergedEnd;
      after = mergedEnd - mergedStart;
    }
    covered += after - before;
    return after - before;
  }

  /** Returns the smallest position at or after {@code position} that is not covered. */
  public long firstUncovered(long position) {
    int i = firstEndingAfter(position);
    return i < last && starts[i] <= position ? ends[i] : position;
  }

  /**
   * Returns the smallest position at or after {@code position} that is covered, or {@link
   * Long#MAX_VALUE} if there is none.
   */
  public long nextCovered(long position) {
    int i = firstEndingAfter(position);
    return i < last ? Math.max(starts[i], position) : Long.MAX_VALUE;
  }

  /** Whether the position is covered. */
  public boolean contains(long position) {
    int i = firstEndingAfter(position);
    return i < last && starts[i] <= position;
  }

  /** Forgets every position below {@code position}, splitting a range that reaches across it. */
  public void removeBelow(long position) {
    while (first < last && ends[first] <= position) {
      covered -= ends[first] - starts[first];
      first++;
    }
    if (first < last && starts[first] < position) {
      covered -= position - starts[first];
      starts[first] = position;
    }
    releaseRoom();
  }

  /** Visits the covered pieces of [{@code from}, {@code to}) in order, clipped to it. */
  public void forEach(long from, long to, Visitor visitor) {
    for (int i = firstEndingAfter(from); i < last && starts[i] < to; i++) {
      long pieceFrom = Math.max(starts[i], from);
      long pieceTo = Math.min(ends[i], to);
      if (pieceFrom < pieceTo) {
        visitor.range(pieceFrom, pieceTo);
      }
    }
  }

  /** The number of ranges, after merging. */
  public int size() {
    return last - first;
  }

  /** Whether no position is covered. */
  public boolean isEmpty() {
    return first == last;
  }

  /** The number of covered positions. */
  public long covered() {
    return covered;
  }

  /** Forgets every position. */
  public void clear() {
    first = last;
    covered = 0;
    releaseRoom();
  }

  /** The number of ranges that fit without growing; tests watch that it stays in proportion. */
  int capacity() {
    return starts.length;
  }

  private int firstEndingAfter(long position) {
    return position == Long.MAX_VALUE ? last : firstEndingAtOrAfter(position + 1);
  }

  /**
   * Returns the index of the first range whose end is at or after {@code position}, or {@code last}
   * if there is none. It doubles its steps from the end, because that is where callers look.
   */
  private int firstEndingAtOrAfter(long position) {
    int high = last;
    int step = 1;
    while (high - step >= first && ends[high - step] >= position) {
      high -= step;
      step <<= 1;
    }
    // Range `high` and all behind it end late enough; the answer is not below `high - step`.
    int low = Math.max(first, high - step);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] >= position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Makes room for one range before index {@code at} and returns the index of the room. */
  private int openGap(int at) {
    if (first > 0 && at - first < last - at) {
      move(first, first - 1, at - first);
      first--;
      return at - 1;
    }
    if (last == starts.length) {
      int shift = first;
      makeRoomAtEnd();
      return openGap(at - shift);
    }
    move(at, at + 1, last - at);
    last++;
    return at;
  }

  /** Replaces the ranges [{@code low}, {@code high}) by one and returns the index of that one. */
  private int closeGap(int low, int high) {
    int surplus = high - low - 1;
    if (surplus == 0) {
      return low;
    }
    if (low - first < last - high) {
      move(first, first + surplus, low - first);
      first += surplus;
      return high - 1;
    }
    move(high, low + 1, last - high);
    last -= surplus;
    return low;
  }

  /**
   * Slides the ranges to the front when at least half of the arrays lies unused there, so that a
   * slide of n ranges has been paid for by n removals; grows the arrays otherwise.
   */
  private void makeRoomAtEnd() {
    if (first >= starts.length / 2) {
      move(first, 0, size());
      last -= first;
      first = 0;
    } else {
      resize(Math.multiplyExact(starts.length, 2));
    }
  }

  private void releaseRoom() {
    if (first == last) {
      first = 0;
      last = 0;
    }
    // At least half of the new room is free, so the copy is paid for before the next one.
    if (starts.length > KEPT_CAPACITY && size() < starts.length / 8) {
      resize(Math.max(KEPT_CAPACITY, Integer.highestOneBit(size() + 1) * 4));
    }
  }

  private void resize(int capacity) {
    // Both arrays exist before either field changes: running out of memory leaves the set intact.
    long[] newStarts = copy(starts, capacity);
    long[] newEnds = copy(ends, capacity);
    starts = newStarts;
    ends = newEnds;
    last -= first;
    first = 0;
  }

  private long[] copy(long[] from, int capacity) {
    return Arrays.copyOf(Arrays.copyOfRange(from, first, last), capacity);
  }

  private void move(int from, int to, int count) {
    System.arraycopy(starts, from, starts, to, count);
    System.arraycopy(ends, from, ends, to, count);
  }
}
