package dev.bobbin.internal.local;

import java.util.Arrays;

/** Positions of the dead letters, in order. Guarded by itself. */
final class DeadIndex {
  private long[] positions = new long[16];
  private int size;

  synchronized void add(long position) {
    if (size == positions.length) {
      positions = Arrays.copyOf(positions, size * 2);
    }
    // Nearly always the last: workers append dead letters in order of position, but add them here a
    // moment later.
    int at = size;
    while (at > 0 && positions[at - 1] > position) {
      positions[at] = positions[at - 1];
      at--;
    }
    positions[at] = position;
    size++;
  }

  synchronized int size() {
    return size;
  }

  synchronized long[] first(int max) {
    return Arrays.copyOf(positions, Math.min(max, size));
  }
}
