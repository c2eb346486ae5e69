package dev.bobbin.benchmarks.transport;

/**
 * When each job of a producer is due.
 *
 * @param waiting what the producer does while none is
 */
record Pace(long startNanos, long first, double everyNanos, Waiting waiting) {
  long dueNanos(long number) {
    return startNanos + (long) ((number - first) * everyNanos);
  }

  void awaitTurn(long number) {
    waiting.until(dueNanos(number));
  }
}
