package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;

/**
 * Where workers report finished ranges: a bounded log of sixteen-byte ranges, many writers, drained
 * in order by the holder of the {@link Window}'s lock. On a directory it lies in the ring's file,
 * so that a job which was reported finished is not delivered again after the death of the process.
 *
 * <pre>
 *   0       8      16     24      32
 *   +-------+------+------+-------+     stamp   number of the entry + 1, written last, with release; 0: none yet
 *   | stamp | from | to   | check |     check   mixes seed, stamp, from and to: recovery believes nothing else
 *   +-------+------+------+-------+
 * </pre>
 *
 * <p>Old entries stay true, because positions are never used twice; so an entry of an earlier lap
 * does no harm.
 */
public final class FinishedLog {
  public static final int ENTRY_BYTES = 32;

  private static final int MIN_ENTRIES = 256;
  private static final int MAX_ENTRIES = 8192;
  private static final int RING_BYTES_PER_ENTRY = 8192;

  private static final int FROM = 8;
  private static final int TO = 16;
  private static final int CHECK = 24;

  private final ByteBuffer memory;
  private final long seed;

  /** A power of two. */
  private final int entries;

  private final Cursor claimed = new Cursor(0);
  private final Cursor drained = new Cursor(0);

  public FinishedLog(ByteBuffer memory, long seed) {
    this.memory = memory;
    this.seed = seed;
    this.entries = memory.capacity() / ENTRY_BYTES;
  }

  /** Size of the log beside a ring of {@code ringBytes}, a power of two. */
  public static int bytes(int ringBytes) {
    return ENTRY_BYTES
        * Math.min(MAX_ENTRIES, Math.max(MIN_ENTRIES, ringBytes / RING_BYTES_PER_ENTRY));
  }

  /** Receives ranges of positions. */
  public interface RangeVisitor {
    void range(long from, long to);
  }

  /**
   * Whether a report would have to wait for a drain. A hint: another writer may take the last
   * entry.
   */
  boolean isFull() {
    return claimed.getVolatile() - drained.getVolatile() >= entries;
  }

  /**
   * Appends a range, or returns false if the log is full; then the caller drains it (under the
   * window's lock) and tries again.
   */
  boolean offer(long from, long to) {
    long number;
    do {
      number = claimed.getVolatile();
      if (number - drained.getVolatile() >= entries) {
        return false;
      }
    } while (!claimed.compareAndSet(number, number + 1));
    int entry = entry(number);
    long stamp = number + 1;
    Frame.LONG.set(memory, entry + FROM, from);
    Frame.LONG.set(memory, entry + TO, to);
    Frame.LONG.set(memory, entry + CHECK, check(seed, stamp, from, to));
    Frame.publish(memory, entry, stamp);
    return true;
  }

  /** Hands over what was reported since the last call, in order. Lock of the window held. */
  void drain(RangeVisitor visitor) {
    long next = drained.getOpaque();
    long first = next;
    while (Frame.word(memory, entry(next)) == next + 1) {
      int entry = entry(next);
      visitor.range(
          (long) Frame.LONG.get(memory, entry + FROM), (long) Frame.LONG.get(memory, entry + TO));
      next++;
    }
    if (next != first) {
      drained.setRelease(next);
    }
  }

  /** Hands over every believable entry of an earlier process's log. */
  public static void recover(ByteBuffer memory, long seed, RangeVisitor visitor) {
    for (int entry = 0; entry < memory.capacity(); entry += ENTRY_BYTES) {
      long stamp = memory.getLong(entry);
      long from = memory.getLong(entry + FROM);
      long to = memory.getLong(entry + TO);
      if (stamp != 0
          && from < to
          && memory.getLong(entry + CHECK) == check(seed, stamp, from, to)) {
        visitor.range(from, to);
      }
    }
  }

  private int entry(long number) {
    return ((int) number & (entries - 1)) * ENTRY_BYTES;
  }

  private static long check(long seed, long stamp, long from, long to) {
    return mix(mix(mix(seed ^ stamp) ^ from) ^ to);
  }

  /**
   * The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
   * Generators, 2014).
   */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
