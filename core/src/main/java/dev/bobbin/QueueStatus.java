package dev.bobbin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A snapshot of one queue. A value; taking one is cheap, ten times a second is no load.
 *
 * <p>{@link #counts}, {@link #totals}, {@link #durability} and {@link #limits} are as of {@link
 * #at}. {@link #verdict}, {@link #rates}, {@link #times} and {@link #errors} are as of the last
 * sample, which is at most about a second older while jobs move.
 *
 * @param queue the queue's name
 * @param at when this was taken, by the wall clock
 * @param verdict how the queue is doing, and why
 * @param history the verdicts so far, each with the reason it began with; oldest first, at most the
 *     last 64, the one in force last
 * @param counts jobs by state
 * @param totals what has happened since the queue was opened
 * @param rates jobs per second
 * @param times how long jobs wait and handlers take
 * @param workers who works
 * @param errors why deliveries failed
 * @param refusals how often jobs were not accepted, by reason; without those that never came
 * @param durability what the machine's death would cost, and what the disk takes
 * @param limits how much room is used
 * @param journal what the queue takes up on disk
 * @param recovery what was found when the queue was opened
 * @param failure why the queue has stopped, if it has
 */
public record QueueStatus(
    String queue,
    Instant at,
    Verdict verdict,
    List<Verdict> history,
    Counts counts,
    Totals totals,
    Rates rates,
    Times times,
    Crew workers,
    Errors errors,
    Map<Refusal, Refusals> refusals,
    DurabilityFigures durability,
    LimitsUsed limits,
    JournalFigures journal,
    RecoveryReport recovery,
    Optional<Throwable> failure) {

  /**
   * Jobs by state. None is negative, and {@link #unfinished} is never less than the truth: a job
   * that moves from one state to the next while the snapshot is taken may count twice, never not at
   * all. At rest each is exact.
   *
   * @param ready jobs that wait for a worker, wherever they lie
   * @param inFlight jobs in workers' hands
   * @param delayed jobs waiting for their due time
   * @param dead dead letters; not among the unfinished
   */
  public record Counts(long ready, long inFlight, long delayed, long dead) {
    /** Ready, in flight and delayed jobs: what is still to be done. */
    public long unfinished() {
      return ready + inFlight + delayed;
    }
  }

  /**
   * What has happened since the queue was opened. A job that is retried counts once under {@code
   * submitted} and at its end once under {@code acked} or {@code died}.
   *
   * @param submitted jobs accepted, those with a delay and dead letters sent back included; without
   *     recovered ones
   * @param acked jobs finished by an ack
   * @param failed deliveries that failed: to be tried again, or dead after the last attempt
   * @param retried deliveries that failed and were put off for another attempt
   * @param snoozed deliveries put off without using up an attempt
   * @param died jobs that became dead letters
   * @param rejected those of them that a handler rejected or that no codec could decode
   * @param expired those of them whose time to live was over
   * @param leasesLost jobs that went to other workers because their lease ended
   * @param interrupted jobs handed back because their worker was stopped
   * @param staleAcks outcomes refused because they came after the lease's end
   * @param deadDiscarded dead letters dropped because there was no place for more
   */
  public record Totals(
      long submitted,
      long acked,
      long failed,
      long retried,
      long snoozed,
      long died,
      long rejected,
      long expired,
      long leasesLost,
      long interrupted,
      long staleAcks,
      long deadDiscarded) {}

  /**
   * How fast jobs move.
   *
   * @param in jobs accepted per second
   * @param out jobs per second that ended: acked or set aside
   * @param retryRatio deliveries that failed, as a share of those that ended one way or the other;
   *     0 to 1
   * @param over the time over which this was measured: about the last 10 s, less after opening,
   *     more if the queue was idle or nobody looked
   */
  public record Rates(double in, double out, double retryRatio, Duration over) {}

  /**
   * How long jobs take, for each job; over the last 15 to 30 s.
   *
   * @param oldestReady for how long the longest-waiting ready job has been ready; zero if there is
   *     none. By the wall clock, to about the flush interval
   * @param waits from when a job was ready (submitted, or due) to when a worker took it. The jobs
   *     of a batch count with the longest wait among them. By the wall clock, to about the flush
   *     interval
   * @param handlers the handler's time for one job. Jobs handled as a batch count with its average
   */
  public record Times(Duration oldestReady, Percentiles waits, Percentiles handlers) {}

  /**
   * How a time is distributed, right to one part in a hundred.
   *
   * @param count how many times there were; the rest is zero if none
   * @param p50 the median
   * @param p99 99 of 100 were no longer
   * @param max the longest
   */
  public record Percentiles(long count, Duration p50, Duration p99, Duration max) {
    /** Nothing was measured. */
    public static final Percentiles NONE =
        new Percentiles(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  /**
   * The workers of the queue. Those who pull jobs themselves are not among them.
   *
   * @param running worker threads
   * @param idle those that have no batch in hand
   * @param longestInHand for how long the oldest batch in hand has been there; zero if none is
   * @param groups one for each call of {@code work}, {@code workBatches} or {@code workRaw}
   */
  public record Crew(int running, int idle, Duration longestInHand, List<HandlerGroup> groups) {}

  /**
   * The workers that were started together.
   *
   * @param handler the class of their handler, or the one in which it is written
   * @param running worker threads
   * @param idle those that have no batch in hand
   * @param longestInHand for how long the oldest batch in hand has been there; zero if none is
   * @param times as {@link Times#handlers}, for this group
   */
  public record HandlerGroup(
      String handler, int running, int idle, Duration longestInHand, Percentiles times) {}

  /**
   * Why deliveries failed, since the queue was opened. Errors whose first lines differ in numbers
   * and ids alone are of one kind.
   *
   * @param kinds at most 32, most frequent first
   * @param others failures of further kinds: when 32 are taken, one that has not come for a minute
   *     makes room for a new one, and counts as others from then on; while there is none, the new
   *     one does
   */
  public record Errors(List<ErrorKind> kinds, long others) {}

  /**
   * Failures of one kind.
   *
   * @param error the error's first line, at most 160 characters, with # for each number or id
   * @param count deliveries that failed with it
   * @param last when the last one did
   */
  public record ErrorKind(String error, long count, Instant last) {}

  /**
   * Jobs that were not accepted, for one reason.
   *
   * @param count submits refused since the queue was opened
   * @param first when the first one was
   * @param last when the last one was
   * @param lastDetail what the last one was told, at most 300 characters
   */
  public record Refusals(long count, Instant first, Instant last, String lastDetail) {}

  /**
   * The live loss window, and the disk's pace. All zero in memory.
   *
   * @param notDurableBytes bytes accepted but not yet forced: what the machine's death would cost
   *     now, at most
   * @param notDurableFor for how long the oldest of them has been waiting
   * @param flushes flush cycles since the queue was opened
   * @param flushTimes time spent writing and forcing in one flush; over the last 15 to 30 s
   */
  public record DurabilityFigures(
      long notDurableBytes, Duration notDurableFor, long flushes, Percentiles flushTimes) {}

  /**
   * How much of its limits the queue uses.
   *
   * @param jobs unfinished jobs
   * @param maxJobs {@link Limits#jobs()}
   * @param bytes what they take up, in the ring and outside
   * @param maxBytes {@link Limits#bytes()}
   * @param ringBytes the part of the ring in use
   * @param maxRingBytes the ring's size; producers leave a quarter of it to retries
   * @param dead dead letters
   * @param maxDead {@link DeadLetterLimit#jobs()}
   * @param fullIn when the queue will be full at the present rates, if they lead there
   */
  public record LimitsUsed(
      long jobs,
      long maxJobs,
      long bytes,
      long maxBytes,
      long ringBytes,
      long maxRingBytes,
      long dead,
      long maxDead,
      Optional<Duration> fullIn) {}

  /**
   * The journal's files. All zero in memory.
   *
   * @param segments segments in use
   * @param bytes their size
   * @param liveBytes the part of it that unfinished jobs and dead letters take up
   * @param oldest what keeps the oldest segment in use; empty if that is the only one, or nothing
   */
  public record JournalFigures(int segments, long bytes, long liveBytes, Optional<Pin> oldest) {
    /** What finished jobs and the journal's own blocks take up; reclaimed in time. */
    public long deadBytes() {
      return Math.max(0, bytes - liveBytes);
    }
  }

  /**
   * What keeps a segment of the journal in use: the oldest of its jobs that has not ended. Segments
   * are reclaimed oldest first, so the later ones wait for it too, unless it is copied forward.
   *
   * @param job its id
   * @param by why it has not ended
   * @param since work: when it became ready; delay: when it is due; dead letter: when it died
   */
  public record Pin(JobId job, PinnedBy by, Instant since) {}

  /** Why a job of the oldest segment has not ended. */
  public enum PinnedBy {
    /** It waits for a worker, or a worker has it. */
    WORK,
    /** It is not due. */
    DELAY,
    /** It is a dead letter. */
    DEAD_LETTER
  }

  /** Ready, in flight and delayed jobs: what is still to be done. Never less than the truth. */
  public long unfinished() {
    return counts.unfinished();
  }

  /** The verdict and the counts, in one line. */
  @Override
  public String toString() {
    return String.format(
        "%s: %s (%d ready, %d in flight, %d delayed, %d dead; %d submitted, %d acked, %d failed)",
        queue,
        verdict,
        counts.ready,
        counts.inFlight,
        counts.delayed,
        counts.dead,
        totals.submitted,
        totals.acked,
        totals.failed);
  }
}
