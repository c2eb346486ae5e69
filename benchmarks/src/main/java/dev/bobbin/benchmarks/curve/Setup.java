package dev.bobbin.benchmarks.curve;

import dev.bobbin.Durability;
import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.benchmarks.transport.Load;
import java.time.Duration;

/**
 * What is the case at one point of a curve. All but one thing is the same at all of its points.
 *
 * @param load what is carried
 * @param options of each queue
 * @param open queues that are open, those that get jobs among them
 * @param waiting jobs that wait in the queue: for a worker, or for their time
 * @param failingPercent how many of a hundred jobs fail once; {@link #RAW} for a handler that does
 *     not look at jobs one by one
 */
record Setup(Load load, QueueOptions options, int open, long waiting, int failingPercent) {
  private static final int PAYLOAD_BYTES = 100;
  private static final int BATCH = 256;

  /** A raw handler, which is the fastest. */
  static final int RAW = -1;

  /** One producer, one worker, one queue with default options, but for its limits. */
  static final Setup DEFAULT =
      new Setup(
          load(PAYLOAD_BYTES, 1, 1, BATCH),
          QueueOptions.defaults()
              .withLimits(Limits.DEFAULT.withBytes(Long.MAX_VALUE))
              .withSubmitTimeout(Duration.ofMinutes(5)),
          1,
          0,
          RAW);

  static Setup payload(int bytes) {
    return DEFAULT.with(load(bytes, 1, 1, BATCH));
  }

  static Setup threads(int producers, int workers) {
    return DEFAULT.with(load(PAYLOAD_BYTES, producers, workers, BATCH));
  }

  static Setup batch(int jobs) {
    return DEFAULT.with(load(PAYLOAD_BYTES, 1, 1, jobs));
  }

  /** With files as small as they can be: there may be a thousand of them. */
  static Setup queues(int count) {
    return new Setup(
        new Load(PAYLOAD_BYTES, 1, 1, BATCH, count),
        DEFAULT.options.withRingBytes(256 << 10).withSegmentBytes(1 << 20),
        count,
        0,
        RAW);
  }

  static Setup waiting(long jobs) {
    return new Setup(DEFAULT.load, DEFAULT.options, 1, jobs, RAW);
  }

  static Setup failing(int percent) {
    return new Setup(DEFAULT.load, DEFAULT.options, 1, 0, percent);
  }

  /** Zero stands for a force before each submit returns. */
  static Setup flush(int millis) {
    return new Setup(
        DEFAULT.load,
        millis == 0
            ? DEFAULT.options.withDurability(Durability.SYNC)
            : DEFAULT.options.withFlushInterval(Duration.ofMillis(millis)),
        1,
        0,
        RAW);
  }

  boolean mayFail() {
    return failingPercent != RAW;
  }

  private Setup with(Load other) {
    return new Setup(other, options, open, waiting, failingPercent);
  }

  private static Load load(int payloadBytes, int producers, int workers, int batch) {
    return new Load(payloadBytes, producers, workers, batch);
  }
}
