package dev.bobbin;

import java.time.Duration;

/**
 * How one queue is laid out and behaves. A value: start from {@link #defaults()} and change what
 * matters.
 *
 * @param ringBytes memory for jobs that were not yet taken, and the size of the ring's file; a
 *     power of two, 256 KiB to 1 GiB, 64 MiB by default; fixed when the queue is created
 * @param segmentBytes size of a journal segment, a multiple of 4 KiB, 1 MiB to 1 GiB, 64 MiB by
 *     default; fixed when the queue is created
 * @param maxPayloadBytes the largest payload, 1 byte to a 64th of the ring and 16 KiB less than a
 *     segment, 1 MiB by default
 * @param flushInterval how often the journal is forced while jobs move, 1 ms to 10 s, 50 ms by
 *     default
 * @param durability what a returned submit promises; {@link Durability#PERIODIC} by default
 * @param submitTimeout how long a submit waits for room, 0 to 3,650 days, 30 s by default
 * @param retry when failed jobs come back
 * @param limits how much unfinished work is accepted
 */
public record QueueOptions(
    int ringBytes,
    int segmentBytes,
    int maxPayloadBytes,
    Duration flushInterval,
    Durability durability,
    Duration submitTimeout,
    RetryPolicy retry,
    Limits limits) {
  private static final QueueOptions DEFAULTS =
      new QueueOptions(
          64 << 20,
          16 << 20,
          1 << 20,
          Duration.ofMillis(50),
          Durability.PERIODIC,
          Duration.ofSeconds(30),
          RetryPolicy.DEFAULT,
          Limits.DEFAULT);

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
        Math.min(ringBytes / 64, segmentBytes - SEGMENT_OVERHEAD_BYTES));
    Check.range(
        "QueueOptions.flushInterval", flushInterval, Duration.ofMillis(1), Duration.ofSeconds(10));
    Check.range("QueueOptions.submitTimeout", submitTimeout, Duration.ZERO, RetryPolicy.LONGEST);
  }

  /** The defaults named at each option. */
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /** A smaller or larger ring; a payload limit that no longer fits shrinks with it. */
  public QueueOptions withRingBytes(int bytes) {
    int payload = Math.min(maxPayloadBytes, Math.max(1, bytes / 64));
    return new QueueOptions(
        bytes, segmentBytes, payload, flushInterval, durability, submitTimeout, retry, limits);
  }

  /** Another segment size; a payload limit that no longer fits shrinks with it. */
  public QueueOptions withSegmentBytes(int bytes) {
    int payload = Math.min(maxPayloadBytes, Math.max(1, bytes - SEGMENT_OVERHEAD_BYTES));
    return new QueueOptions(
        ringBytes, bytes, payload, flushInterval, durability, submitTimeout, retry, limits);
  }

  /** Another largest payload. */
  public QueueOptions withMaxPayloadBytes(int bytes) {
    return new QueueOptions(
        ringBytes, segmentBytes, bytes, flushInterval, durability, submitTimeout, retry, limits);
  }

  /**
   * Another flush interval: the longest time for which a machine's death can cost a submitted job.
   */
  public QueueOptions withFlushInterval(Duration interval) {
    return new QueueOptions(
        ringBytes,
        segmentBytes,
        maxPayloadBytes,
        interval,
        durability,
        submitTimeout,
        retry,
        limits);
  }

  /** Another durability. */
  public QueueOptions withDurability(Durability level) {
    return new QueueOptions(
        ringBytes,
        segmentBytes,
        maxPayloadBytes,
        flushInterval,
        level,
        submitTimeout,
        retry,
        limits);
  }

  /** Another wait for room; zero refuses at once. */
  public QueueOptions withSubmitTimeout(Duration timeout) {
    return new QueueOptions(
        ringBytes,
        segmentBytes,
        maxPayloadBytes,
        flushInterval,
        durability,
        timeout,
        retry,
        limits);
  }

  /** Another retry policy. */
  public QueueOptions withRetry(RetryPolicy policy) {
    return new QueueOptions(
        ringBytes,
        segmentBytes,
        maxPayloadBytes,
        flushInterval,
        durability,
        submitTimeout,
        policy,
        limits);
  }

  /** Other limits. */
  public QueueOptions withLimits(Limits newLimits) {
    return new QueueOptions(
        ringBytes,
        segmentBytes,
        maxPayloadBytes,
        flushInterval,
        durability,
        submitTimeout,
        retry,
        newLimits);
  }
}
