package dev.bobbin;

/**
 * How fast the workers of a queue may go, all of them together: {@code
 * Throttle.rate(100).atOnce(4)}. A value.
 *
 * @param jobsPerSecond jobs handed to workers per second, above 0; infinite for no limit
 * @param burst jobs that may be handed out at once after a pause, 1 to 1,000,000
 * @param concurrency jobs in workers' hands at once, 1 or more; {@link Integer#MAX_VALUE} for no
 *     limit
 */
public record Throttle(double jobsPerSecond, int burst, int concurrency) {
  /** No limit on rate or concurrency. */
  public static final Throttle NONE =
      new Throttle(Double.POSITIVE_INFINITY, 1_000_000, Integer.MAX_VALUE);

  public Throttle {
    if (!(jobsPerSecond > 0)) {
      throw new IllegalArgumentException(
          "Throttle.jobsPerSecond must be above 0, found " + jobsPerSecond);
    }
    Check.range("Throttle.burst", burst, 1, 1_000_000);
    Check.range("Throttle.concurrency", concurrency, 1, Integer.MAX_VALUE);
  }

  /** {@code jobsPerSecond} jobs a second, a tenth of a second's worth (at least one) at once. */
  public static Throttle rate(double jobsPerSecond) {
    double tenth = Math.min(1_000_000, Math.max(1, jobsPerSecond / 10));
    return new Throttle(jobsPerSecond, (int) tenth, Integer.MAX_VALUE);
  }

  /** At most {@code jobs} in workers' hands at once. */
  public static Throttle concurrency(int jobs) {
    return NONE.atOnce(jobs);
  }

  /** This throttle with at most {@code jobs} in workers' hands at once. */
  public Throttle atOnce(int jobs) {
    return new Throttle(jobsPerSecond, burst, jobs);
  }

  /** This throttle with another burst. */
  public Throttle bursting(int jobs) {
    return new Throttle(jobsPerSecond, jobs, concurrency);
  }

  /** Whether there is no limit on the rate. */
  public boolean isUnlimitedRate() {
    return jobsPerSecond == Double.POSITIVE_INFINITY;
  }

  /** Whether there is no limit on jobs at once. */
  public boolean isUnlimitedConcurrency() {
    return concurrency == Integer.MAX_VALUE;
  }
}
