package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;

/**
 * Remembers in the ring's file up to where everything is settled, so that after the death of the
 * process the jobs finished long ago, whose entries in the {@link FinishedLog} are gone, are not
 * delivered again. Two slots in turn: a kill between the stores of one leaves the other.
 */
public final class SettledMark {
  public static final int BYTES = 32;

  private final ByteBuffer memory;
  private final long seed;
  private int slot;

  public SettledMark(ByteBuffer memory, long seed) {
    this.memory = memory;
    this.seed = seed;
  }

  /** Everything below {@code position} is finished or in the journal. */
  public void store(long position) {
    slot ^= 16;
    memory.putLong(slot, position);
    memory.putLong(slot + 8, FinishedLog.mix(seed ^ position));
  }

  /** The highest believable mark, or 0. */
  public long load() {
    long mark = 0;
    for (int at = 0; at < BYTES; at += 16) {
      long position = memory.getLong(at);
      if (memory.getLong(at + 8) == FinishedLog.mix(seed ^ position)) {
        mark = Math.max(mark, position);
      }
    }
    return mark;
  }
}
