package dev.bobbin.internal.ring;

import dev.bobbin.internal.position.PositionRanges;
import java.util.Arrays;

/**
 * Finished ranges of written jobs, in the order of their reports. Sorted only when they are taken:
 * delayed jobs finish in any order, and putting each in its place would keep the {@link Window}'s
 * lock for milliseconds. Not thread-safe.
 *
 * <p>Starts and ends are kept apart, because sorting each by itself leaves what they cover together
 * as it was: so many ranges cover a position as have started before it and not ended.
 */
final class Acks {
  private static final int INITIAL_CAPACITY = 16;

  private long[] starts = new long[INITIAL_CAPACITY];
  private long[] ends = new long[INITIAL_CAPACITY];
  private int size;

  void add(long from, long to) {
    if (size > 0 && ends[size - 1] == from) {
      ends[size - 1] = to;
      return;
    }
    if (size == starts.length) {
      makeRoom();
    }
    starts[size] = from;
    ends[size] = to;
    size++;
  }

  /** Merges what touches; doubles the room if that does not give back half of it. */
  private void makeRoom() {
    PositionRanges merged = merge();
    int capacity = merged.size() > starts.length / 2 ? starts.length * 2 : starts.length;
    // Both arrays exist before either field changes: one without the other would cover what nobody
    // finished.
    long[] newStarts = new long[capacity];
    long[] newEnds = new long[capacity];
    starts = newStarts;
    ends = newEnds;
    size = 0;
    merged.forEach(0, Long.MAX_VALUE, this::add);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** What they cover. Leaves them in no particular order. */
  PositionRanges merge() {
    Arrays.sort(starts, 0, size);
    Arrays.sort(ends, 0, size);
    PositionRanges ranges = new PositionRanges();
    for (int i = 0; i < size; i++) {
      ranges.add(starts[i], ends[i]);
    }
    return ranges;
  }
}
