package dev.bobbin.kafka;

import java.util.TreeSet;

/**
 * Up to where a partition is worked off, though its records end in any order. The relay begins and
 * commits, the producer's thread ends. Guarded by itself.
 */
final class Progress {
  /** Records that were begun and have not ended. */
  private final TreeSet<Long> open = new TreeSet<>();

  /** Behind the last one that was begun. */
  private long next;

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
    open.add(offset);
    next = offset + 1;
  }

  synchronized void end(long offset) {
    open.remove(offset);
    ended++;
  }

  /** Everything before it has ended. */
  synchronized long offset() {
    return open.isEmpty() ? next : open.first();
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
    return open.isEmpty() ? 0 : next - open.first() - open.size();
  }

  /** It was committed; returns how many records more than before. */
  synchronized long commit() {
    long more = offeredEnded - committedEnded;
    committedEnded = offeredEnded;
    committed = offeredOffset;
    return more;
  }
}
