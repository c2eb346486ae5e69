package dev.bobbin.cli.bench;

import java.util.HashSet;
import java.util.Set;

/**
 * Proves that each sequence number from 0 on arrives exactly once, in whatever order. For one
 * thread.
 */
final class Ledger {
  private long next;
  private final Set<Long> ahead = new HashSet<>();

  Ledger() {}

  void arrived(long sequence) {
    if (sequence == next) {
      next++;
      while (!ahead.isEmpty() && ahead.remove(next)) {
        next++;
      }
    } else if (sequence < next || !ahead.add(sequence)) {
      throw new IllegalStateException("job " + sequence + " arrived twice");
    }
  }

  /** Whether exactly the numbers below {@code count} have arrived. */
  boolean complete(long count) {
    return next == count && ahead.isEmpty();
  }
}
