package dev.bobbin;

import java.time.Duration;

/**
 * What was found when a queue was opened.
 *
 * @param created whether the queue was new
 * @param cleanlyClosed whether its last owner had closed it
 * @param ready unfinished jobs that are ready at once, those in flight at the crash included
 * @param delayed unfinished jobs with a due time
 * @param dead dead letters
 * @param suspects how many were in workers' hands when the process died; they are handed out one by
 *     one, and become dead letters when it dies too often ({@link RetryPolicy#maxCrashes})
 * @param fromRing how many of these had not reached the journal and came from the ring
 * @param tornBytes bytes of an unfinished write that were cut from the journal's end
 * @param took how long recovery took
 */
public record RecoveryReport(
    boolean created,
    boolean cleanlyClosed,
    long ready,
    long delayed,
    long dead,
    long suspects,
    long fromRing,
    long tornBytes,
    Duration took) {
  /** Ready and delayed jobs: what is still to be done. */
  public long unfinished() {
    return ready + delayed;
  }
}
