package dev.bobbin.internal.recovery;

import dev.bobbin.internal.position.PositionRanges;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Live frames that are not their job's first: which of them are superseded by a newer one of the
 * same job.
 */
final class Copies {
  private static final int WIDTH = 3;
  private long[] entries = new long[WIDTH * 64];
  private int size;

  /** Frames come in order of position. */
  void add(long id, long position, int bytes) {
    if (size * WIDTH == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    entries[size * WIDTH] = id;
    entries[size * WIDTH + 1] = position;
    entries[size * WIDTH + 2] = bytes;
    size++;
  }

  /** Every job that has a copy, once. */
  long[] originals() {
    return LongStream.range(0, size)
        .map(i -> entries[(int) i * WIDTH])
        .sorted()
        .distinct()
        .toArray();
  }

  /** All copies but the newest of each job. */
  PositionRanges superseded() {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    // Stable: frames of one job stay in order of position.
    Arrays.sort(order, (a, b) -> Long.compare(entries[a * WIDTH], entries[b * WIDTH]));
    PositionRanges older = new PositionRanges();
    for (int i = 0; i + 1 < size; i++) {
      int at = order[i] * WIDTH;
      if (entries[at] == entries[order[i + 1] * WIDTH]) {
        older.add(entries[at + 1], entries[at + 1] + entries[at + 2]);
      }
    }
    return older;
  }
}
