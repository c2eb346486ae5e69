package dev.bobbin.internal.admit;

import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import java.time.Duration;
import java.util.Objects;

/** Whether a job is one that a queue can take, whatever room there is. Thread-safe. */
public final class Fit<T> {
  private final Codec<T> codec;
  private final int maxPayloadBytes;
  private final Admission admission;
  private final String encodedNull;

  /** {@code admission} counts those that are refused. */
  public Fit(Codec<T> codec, int maxPayloadBytes, Admission admission) {
    this.codec = codec;
    this.maxPayloadBytes = maxPayloadBytes;
    this.admission = admission;
    this.encodedNull =
        codec.getClass().getName()
            + ".encode returned null: return the payload's bytes, or throw to refuse it";
  }

  /** The payload's bytes, which may be too many. */
  public byte[] encode(T payload) {
    return Objects.requireNonNull(
        codec.encode(Objects.requireNonNull(payload, "payload")), encodedNull);
  }

  /**
   * Refuses a job that is too large.
   *
   * @param extrasBytes what it carries besides its payload
   */
  public void checkSize(int payloadBytes, int extrasBytes) {
    // Neither is near the largest int: an array and a section whose length has two bytes.
    if ((long) payloadBytes + extrasBytes > maxPayloadBytes) {
      String extras =
          extrasBytes == 0
              ? ""
              : ", its headers, key and time to live have " + extrasBytes + " more";
      throw admission.counted(
          new RefusedException(
              Refusal.JOB_TOO_LARGE,
              "the payload has "
                  + payloadBytes
                  + " bytes"
                  + extras
                  + ", the limit is "
                  + maxPayloadBytes
                  + " (QueueOptions.maxPayloadBytes)",
              null,
              0));
    }
  }

  /** Throws if the job could never be started. */
  public static void checkLifetime(JobOptions options) {
    Duration timeToLive = options.timeToLive();
    if (timeToLive != null && timeToLive.compareTo(options.delay()) <= 0) {
      throw new IllegalArgumentException(
          "JobOptions.timeToLive must be longer than JobOptions.delay, or the job could never be"
              + " started; found "
              + timeToLive
              + " and "
              + options.delay());
    }
  }
}
