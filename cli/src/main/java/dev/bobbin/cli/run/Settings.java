package dev.bobbin.cli.run;

import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for, checked.
 *
 * @param dir where the jobs are kept, null for memory
 * @param workers commands at a time
 * @param batch most jobs for one command
 * @param delimiter the byte that ends a job, on both standard inputs
 * @param stdin whether jobs go to the command's standard input instead of its arguments
 * @param retry when failed jobs come back
 * @param quiet whether progress and summary are left out
 * @param command the command and its own arguments
 */
record Settings(
    @Nullable Path dir,
    int workers,
    int batch,
    byte delimiter,
    boolean stdin,
    RetryPolicy retry,
    boolean quiet,
    List<String> command) {
  /** The longest job: a 64th of the ring. */
  static final int MAX_JOB_BYTES = 256 << 10;

  /**
   * How far reading may run ahead of the workers on a directory; in memory the ring is the limit.
   */
  private static final long MAX_BACKLOG_BYTES = 4L << 30;

  /**
   * A small ring and small segments, so that a run of a few jobs starts at once. Both are fixed
   * when the directory is created: a directory made by one version is only read by one with the
   * same numbers.
   */
  QueueOptions queueOptions() {
    return QueueOptions.defaults()
        .withRingBytes(16 << 20)
        .withSegmentBytes(16 << 20)
        .withMaxPayloadBytes(MAX_JOB_BYTES)
        .withLimits(Limits.DEFAULT.withBytes(MAX_BACKLOG_BYTES))
        // The reader waits for as long as the commands take; that is the back-pressure.
        .withSubmitTimeout(Duration.ofDays(3650))
        .withRetry(retry);
  }
}
