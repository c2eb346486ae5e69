package dev.bobbin.internal.local;

import dev.bobbin.DeadLetterLimit;
import dev.bobbin.DeadLetterLimit.WhenFull;
import dev.bobbin.internal.local.DeadIndex.Entry;
import dev.bobbin.internal.ring.Window;
import dev.bobbin.internal.watch.Counters;
import dev.bobbin.internal.work.Turnstile;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a queue: where they lie, how many there may be ({@link DeadLetterLimit}), and
 * the one way out. Thread-safe.
 *
 * <p>Invariant 9 is kept here for dead letters: one more than there may be discards the oldest, or
 * closes the turnstile in front of the workers. A letter that is claimed to be retried holds no
 * worker back: else a full queue could never take it.
 */
final class DeadStore {
  final DeadIndex index = new DeadIndex();
  private final DeadLetterLimit limit;
  private final Window window;
  private final Counters counters;
  private final Turnstile turnstile;

  /** Held while a letter is finished, so that none is after {@link #close}. */
  private final Object gate = new Object();

  /** Guarded by the gate. */
  private boolean closed;

  DeadStore(DeadLetterLimit limit, Window window, Counters counters, Turnstile turnstile) {
    this.limit = limit;
    this.window = window;
    this.counters = counters;
    this.turnstile = turnstile;
  }

  /**
   * A job has died; its frame is in the ring or the journal. Called by workers, and once for each
   * letter when the queue is opened.
   */
  void add(long position, long id, int bytes) {
    index.add(position, id, bytes);
    if (limit.whenFull() == WhenFull.DISCARD_OLDEST) {
      Entry oldest = index.claimOldestBeyond(limit.jobs());
      if (oldest != null) {
        window.finish(oldest.position(), oldest.end());
        index.remove(oldest);
        counters.deadDiscarded.increment();
      }
    }
    changed();
  }

  /** Claims a letter; null if it is gone or somebody else has claimed it. */
  @Nullable Entry claim(long position) {
    Entry entry = index.claim(position);
    changed();
    return entry;
  }

  /** A claimed letter stays after all. */
  void giveBack(Entry entry) {
    index.giveBack(entry);
    changed();
  }

  /**
   * Reports a claimed letter's frame as finished and forgets it; false if the queue is closed, then
   * the letter stays.
   */
  boolean finish(Entry entry) {
    synchronized (gate) {
      if (closed) {
        return false;
      }
      window.finish(entry.position(), entry.end());
    }
    index.remove(entry);
    changed();
    return true;
  }

  /** No letter is finished from now on; what was is reported. */
  void close() {
    synchronized (gate) {
      closed = true;
    }
  }

  private void changed() {
    if (limit.whenFull() == WhenFull.PAUSE_WORKERS) {
      turnstile.update(() -> index.unclaimed() >= limit.jobs());
    }
  }
}
