package dev.bobbin.internal.delay;

import java.util.Arrays;

/**
 * A binary heap of (due time, position) pairs, smallest due time first, then smallest position. It
 * takes the entries that a wheel cannot: those due before the wheel's own time.
 */
final class LateEntries {

  private static final int MIN_CAPACITY = 16;

  // Entry i lies at [2i] (due time) and [2i + 1] (position); its children are 2i + 1 and 2i + 2.
  private long[] pairs = new long[2 * MIN_CAPACITY];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  long firstDueMillis() {
    requireEntry();
    return pairs[0];
  }

  long firstPosition() {
    requireEntry();
    return pairs[1];
  }

  void add(long dueMillis, long position) {
    if (2 * size == pairs.length) {
      // A quarter more each time keeps the slack within 24 bytes an entry.
      resize(Math.addExact(size, Math.max(size / 4, MIN_CAPACITY)));
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!isBefore(dueMillis, position, parent)) {
        break;
      }
      copy(parent, at);
      at = parent;
    }
    set(at, dueMillis, position);
  }

  void removeFirst() {
    requireEntry();
    size--;
    sink(pairs[2 * size], pairs[2 * size + 1]);
    int capacity = pairs.length / 2;
    if (capacity > MIN_CAPACITY && size < capacity / 4) {
      resize(Math.max(MIN_CAPACITY, capacity / 2));
    }
  }

  long memoryBytes() {
    return (long) pairs.length * Long.BYTES;
  }

  /** Puts the pair where it belongs, beginning at the hole that the first entry left. */
  private void sink(long dueMillis, long position) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(pairs[2 * child + 2], pairs[2 * child + 3], child)) {
        child++;
      }
      if (!isBefore(pairs[2 * child], pairs[2 * child + 1], dueMillis, position)) {
        break;
      }
      copy(child, at);
      at = child;
    }
    set(at, dueMillis, position);
  }

  private boolean isBefore(long dueMillis, long position, int other) {
    return isBefore(dueMillis, position, pairs[2 * other], pairs[2 * other + 1]);
  }

  private static boolean isBefore(
      long dueMillis, long position, long otherDueMillis, long otherPosition) {
    return dueMillis < otherDueMillis || (dueMillis == otherDueMillis && position < otherPosition);
  }

  private void copy(int from, int to) {
    set(to, pairs[2 * from], pairs[2 * from + 1]);
  }

  private void set(int at, long dueMillis, long position) {
    pairs[2 * at] = dueMillis;
    pairs[2 * at + 1] = position;
  }

  private void resize(int capacity) {
    pairs = Arrays.copyOf(pairs, Math.multiplyExact(capacity, 2));
  }

  private void requireEntry() {
    if (size == 0) {
      throw new IllegalStateException("expected a late entry, found none");
    }
  }
}
