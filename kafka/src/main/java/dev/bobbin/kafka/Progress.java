package dev.bobbin.kafka;

import java.util.TreeMap;

/**
 * Up to where a partition is worked off, though its records end in any order. The relay begins and
 * commits, the producer's thread ends. Guarded by itself.
 */
final class Progress {
  /**
   * Offsets of records that were begun and have not ended, and how many were begun before each:
   * between offsets there may be gaps.
   */
  private final TreeMap<Long, Long> open = new TreeMap<>();

  /** Behind the last one that was begun. */
  private long next;

  private long begun;
  private long ended;
  private long committed;
  private long committedEnded;

  // What a commit under way says.
  private long offeredOffset;
  private long offeredEnded;

  Progress(long offset) {
    next = offset;
    committed = offset;
    offeredOffset = offset;
  }

  synchronized void begin(long offset) {
    open.put(offset, begun);
    begun++;
    next = offset + 1;
  }

  synchronized void end(long offset) {
    open.remove(offset);
    ended++;
  }

  /** Everything before it has ended. */
  synchronized long offset() {
    return open.isEmpty() ? next : open.firstKey();
  }

  synchronized long committedOffset() {
    return committed;
  }

  /** As {@link #offset}, which is about to be committed. */
  synchronized long offered() {
    offeredOffset = offset();
    offeredEnded = ended - endedBehind();
    return offeredOffset;
  }

  /** Those that have ended although one before them has not. */
  private long endedBehind() {
    return open.isEmpty() ? 0 : begun - open.firstEntry().getValue() - open.size();
  }

  /** It was committed; returns how many records more than before. */
  synchronized long commit() {
    long more = offeredEnded - committedEnded;
    committedEnded = offeredEnded;
    committed = offeredOffset;
    return more;
  }
}
