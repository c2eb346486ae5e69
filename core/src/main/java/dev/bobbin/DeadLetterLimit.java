package dev.bobbin;

/**
 * How many dead letters a queue keeps, and what happens to one more. A value. It holds for the
 * letters that are found when the queue is opened, too.
 *
 * @param jobs most dead letters kept, 1 or more, 100,000 by default; each takes some 22 bytes of
 *     memory, and its frame in the journal (or, in memory, on the heap)
 * @param whenFull what happens then
 */
public record DeadLetterLimit(long jobs, WhenFull whenFull) {
  /** 100,000 dead letters; one more drops the oldest. */
  public static final DeadLetterLimit DEFAULT =
      new DeadLetterLimit(100_000, WhenFull.DISCARD_OLDEST);

  /** Keeps all. For tools that open another program's queue, and must not discard its letters. */
  public static final DeadLetterLimit NONE =
      new DeadLetterLimit(Long.MAX_VALUE, WhenFull.DISCARD_OLDEST);

  public DeadLetterLimit {
    Check.range("DeadLetterLimit.jobs", jobs, 1, Long.MAX_VALUE);
  }

  /** What happens when a job dies and there is no place left for it. */
  public enum WhenFull {
    /** The oldest dead letter is purged, and counted. */
    DISCARD_OLDEST,
    /**
     * Workers pause before their next batch until letters are retried or purged: nothing is lost,
     * nothing goes on.
     */
    PAUSE_WORKERS
  }

  /** At most {@code jobs}; one more discards the oldest. */
  public static DeadLetterLimit discardingOldest(long jobs) {
    return new DeadLetterLimit(jobs, WhenFull.DISCARD_OLDEST);
  }

  /** At most {@code jobs}, or a few more from batches in hand; then the workers pause. */
  public static DeadLetterLimit pausingWorkers(long jobs) {
    return new DeadLetterLimit(jobs, WhenFull.PAUSE_WORKERS);
  }
}
