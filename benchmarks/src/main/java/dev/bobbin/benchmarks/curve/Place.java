package dev.bobbin.benchmarks.curve;

import java.nio.file.Path;

/**
 * Where and how long a point is measured.
 *
 * @param directory for the queues' files; kept from one phase of a round to the next
 * @param seconds how long producers submit
 * @param pace jobs a second while latency is measured
 */
public record Place(Path directory, double seconds, double pace) {
  private static final double WARM_UP_SECONDS = 1;

  /** How long a queue is in use before it is measured. */
  double warmUpSeconds() {
    return Math.min(WARM_UP_SECONDS, seconds);
  }
}
