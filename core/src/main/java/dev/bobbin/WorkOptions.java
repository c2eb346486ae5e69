package dev.bobbin;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a group of workers runs. A value: {@code WorkOptions.workers(4).batch(200)}.
 *
 * @param workers threads, 1 to 1,024
 * @param maxBatch most jobs a worker takes at once, 1 to 4,096; 256 by default; a batch also ends
 *     at 128 KiB or a 64th of the ring, whichever is less
 * @param timeout how long one call of the handler may take before its thread is interrupted and
 *     what it throws counts as a failure, 1 ms to 3,650 days; the longest, which means never, by
 *     default
 * @param lease how long a worker may hold a batch before its unfinished jobs go to others, 10 ms to
 *     3,650 days; 5 minutes by default
 * @param threads makes the workers' threads; null for daemon threads named after the queue
 */
public record WorkOptions(
    int workers, int maxBatch, Duration timeout, Duration lease, @Nullable ThreadFactory threads) {
  public WorkOptions {
    Check.range("WorkOptions.workers", workers, 1, 1024);
    Check.range("WorkOptions.maxBatch", maxBatch, 1, 4096);
    Check.range("WorkOptions.timeout", timeout, Duration.ofMillis(1), RetryPolicy.LONGEST);
    Check.range("WorkOptions.lease", lease, Duration.ofMillis(10), RetryPolicy.LONGEST);
  }

  /** {@code workers} threads with the defaults. */
  public static WorkOptions workers(int workers) {
    return new WorkOptions(workers, 256, RetryPolicy.LONGEST, Duration.ofMinutes(5), null);
  }

  /** Another batch size. */
  public WorkOptions batch(int newMaxBatch) {
    return new WorkOptions(workers, newMaxBatch, timeout, lease, threads);
  }

  /** Another time limit for each call of the handler. */
  public WorkOptions timeout(Duration newTimeout) {
    return new WorkOptions(workers, maxBatch, newTimeout, lease, threads);
  }

  /** Another lease. */
  public WorkOptions lease(Duration newLease) {
    return new WorkOptions(workers, maxBatch, timeout, newLease, threads);
  }

  /** Threads from a factory of the user's, virtual ones included. */
  public WorkOptions threadsFrom(ThreadFactory factory) {
    return new WorkOptions(workers, maxBatch, timeout, lease, factory);
  }
}
