package dev.bobbin;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a group of workers runs. A value: {@code WorkOptions.workers(4).batch(200)}.
 *
 * @param workers threads, 1 to 1,024
 * @param maxBatch most jobs a worker takes at once, 1 to 4,096; 256 by default
 * @param threads makes the workers' threads; null for daemon threads named after the queue
 */
public record WorkOptions(int workers, int maxBatch, @Nullable ThreadFactory threads) {
  public WorkOptions {
    Check.range("WorkOptions.workers", workers, 1, 1024);
    Check.range("WorkOptions.maxBatch", maxBatch, 1, 4096);
  }

  /** {@code workers} threads with the defaults. */
  public static WorkOptions workers(int workers) {
    return new WorkOptions(workers, 256, null);
  }

  /** Another batch size. */
  public WorkOptions batch(int newMaxBatch) {
    return new WorkOptions(workers, newMaxBatch, threads);
  }

  /** Threads from a factory of the user's, virtual ones included. */
  public WorkOptions threadsFrom(ThreadFactory factory) {
    return new WorkOptions(workers, maxBatch, factory);
  }
}
