package dev.bobbin.benchmarks.transport;

/**
 * What is carried.
 *
 * @param payloadBytes size of each job, at least 16
 * @param producers threads that submit
 * @param workers threads that handle
 * @param batch how many jobs a worker takes at once, at most, where a queue lets one choose
 */
public record Load(int payloadBytes, int producers, int workers, int batch) {
  /** Checks the ranges. */
  public Load {
    require("payload", payloadBytes, 16, 16 << 20);
    require("producers", producers, 1, 255);
    require("workers", workers, 1, 255);
    require("batch", batch, 1, 1 << 20);
  }

  private static void require(String name, int found, int min, int max) {
    if (found < min || found > max) {
      throw new IllegalArgumentException(
          "--" + name + " must be from " + min + " to " + max + ", found " + found);
    }
  }
}
