package dev.bobbin;

import java.time.Instant;
import java.util.List;

/**
 * How a queue is doing, in one word and one sentence. A value.
 *
 * <p>Several things may be wrong at once: the most severe one is the verdict, the others are in
 * {@link #also}. Each has a threshold to be entered, a lower one to be left, and a time for which
 * either has to hold, so that a verdict does not flap; docs/operating/verdicts.md lists them, and
 * says what to do.
 *
 * @param kind what it comes to
 * @param reason why, in words with figures: {@code falling behind: 12,300 jobs/s in, 8,100 out;
 *     full in 4 min 10 s}. For people: the words may change between versions
 * @param since since when this kind has been the verdict, by the wall clock, to about a second
 * @param also what else is wrong, most severe first
 */
public record Verdict(Kind kind, String reason, Instant since, List<Finding> also) {
  public Verdict {
    also = List.copyOf(also);
  }

  /** What a queue can come to, in order of severity: the last one that holds is the verdict. */
  public enum Kind {
    /** Nothing is wrong. */
    HEALTHY,
    /** The queue is being emptied and takes no new jobs. */
    DRAINING,
    /** Handlers take much longer than they usually do, while jobs wait. */
    SLOW_WORKERS,
    /** Many deliveries fail. */
    RETRY_SPIKE,
    /** Jobs are ready and no worker runs. */
    NO_WORKERS,
    /** A worker has held its batch for longer than its lease. */
    STUCK_WORKER,
    /** More comes in than goes out, for long enough to matter. */
    FALLING_BEHIND,
    /** Somebody has told the workers to pause. */
    PAUSED,
    /**
     * The disk takes so long that it holds the queue up, or much would be lost with the machine.
     */
    SLOW_DISK,
    /** A limit is reached: submits wait or are refused, or workers wait for room. */
    FULL,
    /** The queue has stopped after an error and must be opened anew. */
    FAILED
  }

  /** Something else that is wrong. */
  public record Finding(Kind kind, String reason) {}

  /** Whether nothing is wrong. */
  public boolean isHealthy() {
    return kind == Kind.HEALTHY;
  }

  /** The kind and the reason. */
  @Override
  public String toString() {
    return kind + ": " + reason;
  }
}
