package dev.bobbin;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How one queue is laid out and behaves. A value: start from {@link #defaults()} and change what
 * matters.
 *
 * @param ringBytes memory for jobs that were not yet taken, and the size of the ring's file; a
 *     power of two, 256 KiB to 1 GiB, 64 MiB by default; fixed when the queue is created
 * @param segmentBytes size of a journal segment, a multiple of 4 KiB, 1 MiB to 1 GiB, 16 MiB by
 *     default; fixed when the queue is created
 * @param maxPayloadBytes the largest payload with its headers, key and time to live, 1 byte to a
 *     64th of the ring and 16 KiB less than a segment, 1 MiB by default
 * @param flushInterval how often the journal is forced while jobs move, 1 ms to 10 s, 50 ms by
 *     default
 * @param durability what a returned submit promises; {@link Durability#PERIODIC} by default
 * @param submitTimeout how long a submit waits for room, 0 to 3,650 days, 30 s by default
 * @param retry when failed jobs come back
 * @param limits how much unfinished work is accepted
 * @param deadLetters how many dead letters are kept
 * @param throttle how fast workers may go; {@link Throttle#NONE} by default
 * @param deduplication how long a job's key keeps a second job with the same key out
 */
public record QueueOptions(
    int ringBytes,
    int segmentBytes,
    int maxPayloadBytes,
    Duration flushInterval,
    Durability durability,
    Duration submitTimeout,
    RetryPolicy retry,
    Limits limits,
    DeadLetterLimit deadLetters,
    Throttle throttle,
    Deduplication deduplication) {
  private static final QueueOptions DEFAULTS = new Draft().build();

  /** What a segment holds besides the largest job: headers, a dead letter's reason, padding. */
  private static final int SEGMENT_OVERHEAD_BYTES = 16 << 10;

  public QueueOptions {
    Check.powerOfTwo("QueueOptions.ringBytes", ringBytes, 256 << 10, 1 << 30);
    Check.range("QueueOptions.segmentBytes", segmentBytes, 1 << 20, 1 << 30);
    if (segmentBytes % 4096 != 0) {
      throw new IllegalArgumentException(
          "QueueOptions.segmentBytes must be a multiple of 4096, found " + segmentBytes);
    }
    Check.range(
        "QueueOptions.maxPayloadBytes (a 64th of ringBytes and 16 KiB less than segmentBytes at most)",
        maxPayloadBytes,
        1,
        largestPayload(ringBytes, segmentBytes));
    Check.range(
        "QueueOptions.flushInterval", flushInterval, Duration.ofMillis(1), Duration.ofSeconds(10));
    Check.range("QueueOptions.submitTimeout", submitTimeout, Duration.ZERO, RetryPolicy.LONGEST);
  }

  /** The most that {@link #maxPayloadBytes} can be with these sizes. */
  static int largestPayload(int ringBytes, int segmentBytes) {
    return Math.min(ringBytes / 64, segmentBytes - SEGMENT_OVERHEAD_BYTES);
  }

  /** The defaults named at each option. */
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /** A smaller or larger ring; a payload limit that no longer fits shrinks with it. */
  public QueueOptions withRingBytes(int bytes) {
    return with(
        draft -> {
          draft.ringBytes = bytes;
          draft.maxPayloadBytes = Math.min(maxPayloadBytes, Math.max(1, bytes / 64));
        });
  }

  /** Another segment size; a payload limit that no longer fits shrinks with it. */
  public QueueOptions withSegmentBytes(int bytes) {
    return with(
        draft -> {
          draft.segmentBytes = bytes;
          draft.maxPayloadBytes =
              Math.min(maxPayloadBytes, Math.max(1, bytes - SEGMENT_OVERHEAD_BYTES));
        });
  }

  /** Another largest payload. */
  public QueueOptions withMaxPayloadBytes(int bytes) {
    return with(draft -> draft.maxPayloadBytes = bytes);
  }

  /**
   * Another flush interval: the longest time for which a machine's death can cost a submitted job.
   */
  public QueueOptions withFlushInterval(Duration interval) {
    return with(draft -> draft.flushInterval = interval);
  }

  /** Another durability. */
  public QueueOptions withDurability(Durability level) {
    return with(draft -> draft.durability = level);
  }

  /** Another wait for room; zero refuses at once. */
  public QueueOptions withSubmitTimeout(Duration timeout) {
    return with(draft -> draft.submitTimeout = timeout);
  }

  /** Another retry policy. */
  public QueueOptions withRetry(RetryPolicy policy) {
    return with(draft -> draft.retry = policy);
  }

  /** Other limits. */
  public QueueOptions withLimits(Limits newLimits) {
    return with(draft -> draft.limits = newLimits);
  }

  /** Another bound for dead letters. */
  public QueueOptions withDeadLetters(DeadLetterLimit limit) {
    return with(draft -> draft.deadLetters = limit);
  }

  /** Another throttle. */
  public QueueOptions withThrottle(Throttle newThrottle) {
    return with(draft -> draft.throttle = newThrottle);
  }

  /** Another window for deduplication keys. */
  public QueueOptions withDeduplication(Deduplication window) {
    return with(draft -> draft.deduplication = window);
  }

  private QueueOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.build();
  }

  /** The options before they are checked. Owned by the thread that changes one. */
  private static final class Draft {
    private int ringBytes = 64 << 20;
    private int segmentBytes = 16 << 20;
    private int maxPayloadBytes = 1 << 20;
    private Duration flushInterval = Duration.ofMillis(50);
    private Durability durability = Durability.PERIODIC;
    private Duration submitTimeout = Duration.ofSeconds(30);
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private DeadLetterLimit deadLetters = DeadLetterLimit.DEFAULT;
    private Throttle throttle = Throttle.NONE;
    private Deduplication deduplication = Deduplication.DEFAULT;

    Draft() {}

    Draft(QueueOptions from) {
      ringBytes = from.ringBytes;
      segmentBytes = from.segmentBytes;
      maxPayloadBytes = from.maxPayloadBytes;
      flushInterval = from.flushInterval;
      durability = from.durability;
      submitTimeout = from.submitTimeout;
      retry = from.retry;
      limits = from.limits;
      deadLetters = from.deadLetters;
      throttle = from.throttle;
      deduplication = from.deduplication;
    }

    QueueOptions build() {
      return new QueueOptions(
          ringBytes,
          segmentBytes,
          maxPayloadBytes,
          flushInterval,
          durability,
          submitTimeout,
          retry,
          limits,
          deadLetters,
          throttle,
          deduplication);
    }
  }
}
