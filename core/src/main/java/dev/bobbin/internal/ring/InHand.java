package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;

/**
 * What each worker has in hand, in the ring's file: after the death of the process, recovery knows
 * from it which jobs may have brought the process down.
 *
 * <pre>
 *   0       8       16     24            4096
 *   +-------+-------+------+-----  ... --+    one slot
 *   | count | unused| from | to   ...    |    count    ranges of positions that follow; 0: nothing in hand
 *   +-------+-------+------+-----  ... --+
 * </pre>
 *
 * <p>A slot is written by its worker alone, count last, with release. What recovery finds there is
 * a suspicion, not a fact: it is checked against the jobs that are unfinished. Workers beyond the
 * number of slots go unrecorded, and so do ranges beyond the size of one.
 */
public final class InHand {
  private static final int SLOT_BYTES = 4096;
  private static final int RANGES_AT = 16;
  private static final int MAX_RANGES = (SLOT_BYTES - RANGES_AT) / 16;

  /** Where those write for whom there is no slot; nobody reads it. */
  private static final ByteBuffer UNREAD = ByteBuffer.allocateDirect(SLOT_BYTES);

  private static final int MIN_SLOTS = 8;
  private static final int MAX_SLOTS = 64;

  private final ByteBuffer memory;

  /** Whether a slot has a worker. Guarded by this object's monitor. */
  private final boolean[] used;

  public InHand(ByteBuffer memory) {
    this.memory = memory;
    this.used = new boolean[memory.capacity() / SLOT_BYTES];
  }

  /** Size of all slots beside a ring of {@code ringBytes}. */
  public static int bytes(int ringBytes) {
    return SLOT_BYTES * Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, ringBytes >>> 20));
  }

  /** One worker's slot. Not thread-safe. */
  public static final class Slot {
    private final ByteBuffer memory;
    private final int at;
    private final boolean recorded;
    private int ranges;

    private Slot(ByteBuffer memory, int at, boolean recorded) {
      this.recorded = recorded;
      this.memory = memory;
      this.at = at;
    }

    /** Adds a range to what is about to be in hand. */
    public void add(long from, long to) {
      if (ranges < MAX_RANGES) {
        int entry = at + RANGES_AT + ranges++ * 16;
        Frame.LONG.set(memory, entry, from);
        Frame.LONG.set(memory, entry + 8, to);
      }
    }

    /** What was added is in hand now. */
    public void hold() {
      Frame.publish(memory, at, ranges);
    }

    /** Nothing is in hand any more. */
    public void clear() {
      if (ranges > 0) {
        ranges = 0;
        Frame.publish(memory, at, 0);
      }
    }
  }

  /** A free slot; if all are in use, one that nobody reads. */
  public synchronized Slot take() {
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        used[i] = true;
        return new Slot(memory, i * SLOT_BYTES, true);
      }
    }
    return new Slot(UNREAD, 0, false);
  }

  /** The slot is free again, and nothing in it. */
  public synchronized void giveBack(Slot slot) {
    slot.clear();
    if (slot.recorded) {
      used[slot.at / SLOT_BYTES] = false;
    }
  }

  /** Visits what an earlier process had in hand. Nothing in it is to be believed unchecked. */
  public static void recover(ByteBuffer memory, FinishedLog.RangeVisitor visitor) {
    for (int at = 0; at < memory.capacity(); at += SLOT_BYTES) {
      long ranges = Math.min(memory.getLong(at), MAX_RANGES);
      for (int i = 0; i < ranges; i++) {
        long from = memory.getLong(at + RANGES_AT + i * 16);
        long to = memory.getLong(at + RANGES_AT + i * 16 + 8);
        if (0 < from && from < to) {
          visitor.range(from, to);
        }
      }
    }
  }
}
