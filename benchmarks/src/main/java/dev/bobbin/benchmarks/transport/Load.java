package dev.bobbin.benchmarks.transport;

/**
 * What is carried.
 *
 * @param payloadBytes size of each job, at least 16
 * @param producers threads that submit
 * @param workers threads that handle, for each queue
 * @param batch how many jobs a worker takes at once, at most, where a queue lets one choose
 * @param queues queues that get jobs, each producer's one after the other
 */
public record Load(int payloadBytes, int producers, int workers, int batch, int queues) {
  /** Checks the ranges. */
  public Load {
    require("payload", payloadBytes, 16, 16 << 20);
    require("producers", producers, 1, 255);
    require("workers", workers, 1, 255);
    require("batch", batch, 1, 1 << 20);
    require("queues", queues, 1, 10_000);
  }

  /** Through one queue. */
  public Load(int payloadBytes, int producers, int workers, int batch) {
    this(payloadBytes, producers, workers, batch, 1);
  }

  /** The same with one producer. */
  public Load fromOneProducer() {
    return new Load(payloadBytes, 1, workers, batch, queues);
  }

  /** The same through one queue. */
  public Load throughOneQueue() {
    return new Load(payloadBytes, producers, workers, batch, 1);
  }

  private static void require(String name, int found, int min, int max) {
    if (found < min || found > max) {
      throw new IllegalArgumentException(
          "--" + name + " must be from " + min + " to " + max + ", found " + found);
    }
  }
}
