package dev.bobbin.benchmarks.transport;

import java.util.Arrays;

/** Which of one producer's jobs one worker has seen, a bit for each. Written by that worker. */
final class Arrivals {
  private static final int START_WORDS = 1 << 10;

  private final long first;
  private long[] seen = new long[START_WORDS];

  /**
   * @param first the number of the round's first job
   */
  Arrivals(long first) {
    this.first = first;
  }

  /** Returns whether the job is one of this round, and new to this worker. */
  boolean add(long number) {
    long index = number - first;
    if (index < 0) {
      return false;
    }
    int word = (int) (index >>> 6);
    if (word >= seen.length) {
      seen = Arrays.copyOf(seen, Math.max(word + 1, seen.length * 2));
    }
    long bit = 1L << index;
    if ((seen[word] & bit) != 0) {
      return false;
    }
    seen[word] |= bit;
    return true;
  }

  /** How many different jobs those that these have seen are together. */
  static long distinct(Iterable<Arrivals> all) {
    long[] together = {};
    for (Arrivals one : all) {
      long[] seen = one.seen;
      if (seen.length > together.length) {
        together = Arrays.copyOf(together, seen.length);
      }
      for (int i = 0; i < seen.length; i++) {
        together[i] |= seen[i];
      }
    }
    return Arrays.stream(together).map(Long::bitCount).sum();
  }
}
