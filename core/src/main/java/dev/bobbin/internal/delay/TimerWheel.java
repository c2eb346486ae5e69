package dev.bobbin.internal.delay;

/**
 * A hierarchical timing wheel of (due time, position) pairs, with a granularity of one millisecond
 * and room for every due time a {@code long} can name.
 *
 * <p>A due time is read as eleven digits of six bits. An entry stands on the level of the highest
 * digit in which its due time differs from the {@link #cursor}, in the slot of that digit:
 *
 * <pre>
 *   level 10 ... level 2      level 1       level 0
 *   60 bits      4096 ms      64 ms         1 ms a slot, 64 slots each
 * </pre>
 *
 * <p>When the cursor enters a slot of a higher level, the slot's entries move to lower levels: at
 * most ten moves in an entry's life, so adding and expiring take constant time. Entries of lower
 * levels are always due first, and one bitmap a level finds the next occupied slot, so a step of
 * years costs no more than a step of a second. One call may move a whole slot, whatever its {@code
 * max}: ten million entries in one slot take a fraction of a second.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>An entry is delivered once, never before its due time, in order of due times. Entries of
 *       the same millisecond keep the order in which they were added, unless they were late.
 *   <li>The cursor never passes an entry that it has not delivered, and it goes back only when the
 *       wheel is empty. When the given clock steps backwards, the wheel waits: nothing is delivered
 *       that is not due by that clock.
 *   <li>Late entries, due before the cursor when they were added, are kept in a heap and are
 *       delivered first, by due time, then by position. They cost logarithmic time. There are few,
 *       unless the clock stepped back or a restart finds old jobs.
 *   <li>Memory is 16 bytes an entry plus bounded slack, and is reused rather than left as garbage.
 * </ul>
 *
 * <p>Not thread-safe: one owner.
 */
public final class TimerWheel {

  private static final int LEVELS = 11;
  private static final int DIGIT_BITS = 6;
  private static final int SLOTS_PER_LEVEL = 1 << DIGIT_BITS;
  private static final int DIGIT_MASK = SLOTS_PER_LEVEL - 1;

  private final Slots slots = new Slots(LEVELS * SLOTS_PER_LEVEL);
  private final LateEntries late = new LateEntries();

  // Bit s of occupied[l] tells that slot s of level l holds entries; bit l of occupiedLevels that
  // any slot of level l does.
  private final long[] occupied = new long[LEVELS];
  private int occupiedLevels;

  // Everything in the slots is due at or after the cursor, everything in `late` before it.
  private long cursor;
  private long inSlots;
  private boolean expiring;

  /** Receives due entries. It must not call the wheel back. */
  public interface Sink {
    /** Takes one entry. When it throws, the entry stays in the wheel and comes again. */
    void due(long dueMillis, long position);
  }

  /**
   * Creates an empty wheel whose time begins at {@code nowMillis}. An owner about to add very many
   * overdue entries, as after a restart, begins at an earlier time, 0 for example: they then take
   * constant time like all others, instead of the late ones' logarithmic.
   */
  public TimerWheel(long nowMillis) {
    this.cursor = nowMillis;
  }

  /** Adds an entry; one whose due time has passed is due at once. */
  public void add(long dueMillis, long position) {
    requireOutsideSink();
    if (dueMillis < cursor) {
      late.add(dueMillis, position);
    } else {
      place(dueMillis, position);
      inSlots++;
    }
  }

  /**
   * Delivers up to {@code max} entries that are due at {@code nowMillis}; those that remain come
   * with the next call.
   *
   * @return how many were delivered
   */
  public int expire(long nowMillis, int max, Sink sink) {
    requireOutsideSink();
    if (max < 0) {
      throw new IllegalArgumentException("expected max >= 0, found " + max);
    }
    expiring = true;
    try {
      int delivered = expireLate(nowMillis, max, sink);
      return delivered + expireSlots(nowMillis, max - delivered, sink);
    } finally {
      expiring = false;
    }
  }

  /**
   * Returns a time at or before the earliest due time, {@link Long#MAX_VALUE} if there is none. It
   * is exact for entries of the lowest level and late ones, otherwise the start of the slot; {@link
   * #expire} at that time or later always makes progress.
   */
  public long nextDueMillis() {
    if (!late.isEmpty()) {
      return late.firstDueMillis();
    }
    return occupiedLevels == 0 ? Long.MAX_VALUE : firstSlotStartMillis();
  }

  /** The number of entries. */
  public long size() {
    return inSlots + late.size();
  }

  /** What the arrays take, counted by their capacities, used or not. */
  long memoryBytes() {
    return slots.memoryBytes() + late.memoryBytes();
  }

  private int expireLate(long nowMillis, int max, Sink sink) {
    int delivered = 0;
    while (delivered < max && !late.isEmpty() && late.firstDueMillis() <= nowMillis) {
      sink.due(late.firstDueMillis(), late.firstPosition());
      late.removeFirst();
      delivered++;
    }
    return delivered;
  }

  private int expireSlots(long nowMillis, int max, Sink sink) {
    int delivered = 0;
    while (delivered < max) {
      if (occupiedLevels == 0 || firstSlotStartMillis() > nowMillis) {
        // No entry changes its level: all differ from any time before the first occupied slot in
        // the same digit as before. An empty wheel follows the clock back as well, so that after a
        // clock that was far ahead for a moment not every entry is late.
        cursor = size() == 0 ? nowMillis : Math.max(cursor, nowMillis);
        break;
      }
      cursor = firstSlotStartMillis();
      int level = firstLevel();
      if (level == 0) {
        delivered += deliver(firstSlot(level), max - delivered, sink);
      } else {
        cascade(level, firstSlot(level));
      }
    }
    return delivered;
  }

  private int deliver(int slot, int max, Sink sink) {
    int delivered = 0;
    while (delivered < max && !slots.isEmpty(slot)) {
      sink.due(slots.firstDueMillis(slot), slots.firstPosition(slot));
      slots.removeFirst(slot);
      inSlots--;
      delivered++;
      clearIfEmpty(0, slot);
    }
    return delivered;
  }

  /** Moves the entries of the slot that the cursor has entered to lower levels. */
  private void cascade(int level, int slot) {
    int index = level * SLOTS_PER_LEVEL + slot;
    while (!slots.isEmpty(index)) {
      // Placed first and removed second: running out of memory in between must not lose an entry.
      place(slots.firstDueMillis(index), slots.firstPosition(index));
      slots.removeFirst(index);
    }
    clearIfEmpty(level, slot);
  }

  private void place(long dueMillis, long position) {
    int highestDifferentBit = 63 - Long.numberOfLeadingZeros((dueMillis ^ cursor) | DIGIT_MASK);
    int level = highestDifferentBit / DIGIT_BITS;
    int slot = (int) (ordered(dueMillis) >>> (level * DIGIT_BITS)) & DIGIT_MASK;
    slots.append(level * SLOTS_PER_LEVEL + slot, dueMillis, position);
    occupied[level] |= 1L << slot;
    occupiedLevels |= 1 << level;
  }

  private void clearIfEmpty(int level, int slot) {
    if (!slots.isEmpty(level * SLOTS_PER_LEVEL + slot)) {
      return;
    }
    occupied[level] &= ~(1L << slot);
    if (occupied[level] == 0) {
      occupiedLevels &= ~(1 << level);
    }
  }

  private int firstLevel() {
    return Integer.numberOfTrailingZeros(occupiedLevels);
  }

  private int firstSlot(int level) {
    return Long.numberOfTrailingZeros(occupied[level]);
  }

  /** The start of the first occupied slot of the first occupied level. */
  private long firstSlotStartMillis() {
    int level = firstLevel();
    int shift = level * DIGIT_BITS;
    // The digits above the level are the cursor's; the highest level has none above it.
    long above = level == LEVELS - 1 ? 0 : ordered(cursor) & (-1L << (shift + DIGIT_BITS));
    return ordered(above | (long) firstSlot(level) << shift);
  }

  /** Flips the sign, so that negative times come before positive ones digit by digit. */
  private static long ordered(long millis) {
    return millis ^ Long.MIN_VALUE;
  }

  private void requireOutsideSink() {
    if (expiring) {
      throw new IllegalStateException(
          "the sink called the wheel that is delivering to it; collect the entries, then call");
    }
  }
}
