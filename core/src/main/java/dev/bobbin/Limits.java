package dev.bobbin;

/**
 * How much unfinished work a queue accepts: ready, in flight and delayed jobs together. A job
 * counts until it is acked or set aside, and keeps its place over retries.
 *
 * @param jobs at least 1; {@link Long#MAX_VALUE} for none, which also spares the counting
 * @param bytes of payload and 40 bytes a job, at least 64 KiB; checked to within 64 KiB
 */
public record Limits(long jobs, long bytes) {
  /** No limit on jobs, 16 GiB. */
  public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, 16L << 30);

  public Limits {
    Check.range("Limits.jobs", jobs, 1, Long.MAX_VALUE);
    Check.range("Limits.bytes", bytes, 64 << 10, Long.MAX_VALUE);
  }

  /** These limits with another number of jobs. */
  public Limits withJobs(long newJobs) {
    return new Limits(newJobs, bytes);
  }

  /** These limits with another number of bytes. */
  public Limits withBytes(long newBytes) {
    return new Limits(jobs, newBytes);
  }
}
