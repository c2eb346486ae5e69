package dev.bobbin;

import java.time.Duration;

/**
 * When a failed job is tried again: {@code
 * RetryPolicy.exponential(ofSeconds(1)).upTo(ofMinutes(5)).attempts(10)}. A value.
 *
 * @param firstDelay after the first failure; doubles with each further one; 0 to 3,650 days
 * @param maxDelay the longest delay; not below {@code firstDelay}
 * @param jitter the share of each delay that is drawn at random, 0 to 1: a delay d becomes d × (1 -
 *     jitter) to d
 * @param maxAttempts deliveries in all, 1 to 65,535; after the last failed one the job becomes a
 *     dead letter
 * @param maxCrashes how often the process may die while the job is in hand, 1 to 15, 3 by default;
 *     then the job becomes a dead letter
 */
public record RetryPolicy(
    Duration firstDelay, Duration maxDelay, double jitter, int maxAttempts, int maxCrashes) {
  /** The longest delay or time-out anywhere: ten years, which fits nanoseconds. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  /** {@code exponential(1 s).upTo(5 min).jittered(0.2).attempts(10)}. */
  public static final RetryPolicy DEFAULT =
      exponential(Duration.ofSeconds(1)).upTo(Duration.ofMinutes(5));

  public RetryPolicy {
    Check.range("RetryPolicy.firstDelay", firstDelay, Duration.ZERO, LONGEST);
    Check.range("RetryPolicy.maxDelay", maxDelay, firstDelay, LONGEST);
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("RetryPolicy.jitter must be from 0 to 1, found " + jitter);
    }
    Check.range("RetryPolicy.maxAttempts", maxAttempts, 1, 0xFFFF);
    Check.range("RetryPolicy.maxCrashes", maxCrashes, 1, 15);
  }

  /**
   * Doubling delays from {@code firstDelay} on, at most 5 minutes or the first delay, jitter 0.2,
   * 10 attempts.
   */
  public static RetryPolicy exponential(Duration firstDelay) {
    Duration max = Duration.ofMinutes(5);
    return new RetryPolicy(
        firstDelay, firstDelay.compareTo(max) > 0 ? firstDelay : max, 0.2, 10, 3);
  }

  /** One attempt only: a failed job becomes a dead letter. */
  public static RetryPolicy never() {
    return exponential(Duration.ZERO).attempts(1);
  }

  /** This policy with another longest delay. */
  public RetryPolicy upTo(Duration newMaxDelay) {
    return new RetryPolicy(firstDelay, newMaxDelay, jitter, maxAttempts, maxCrashes);
  }

  /** This policy with another share of randomness. */
  public RetryPolicy jittered(double newJitter) {
    return new RetryPolicy(firstDelay, maxDelay, newJitter, maxAttempts, maxCrashes);
  }

  /** This policy with another number of attempts. */
  public RetryPolicy attempts(int newMaxAttempts) {
    return new RetryPolicy(firstDelay, maxDelay, jitter, newMaxAttempts, maxCrashes);
  }

  /** This policy with another bound on crashes. */
  public RetryPolicy crashes(int newMaxCrashes) {
    return new RetryPolicy(firstDelay, maxDelay, jitter, maxAttempts, newMaxCrashes);
  }

  /**
   * The delay after the failure of delivery number {@code attempt}.
   *
   * @param attempt 1 for the first delivery
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public Duration delayAfter(int attempt, double random) {
    double doubled = (double) firstDelay.toNanos() * Math.pow(2, Math.max(0, attempt - 1));
    double capped = Math.min(doubled, (double) maxDelay.toNanos());
    return Duration.ofNanos((long) (capped * (1 - jitter * random)));
  }
}
