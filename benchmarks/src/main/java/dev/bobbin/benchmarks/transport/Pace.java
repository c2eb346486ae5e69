package dev.bobbin.benchmarks.transport;

/** When each job of a producer is due. */
record Pace(long startNanos, long first, double everyNanos) {
  long dueNanos(long number) {
    return startNanos + (long) ((number - first) * everyNanos);
  }

  /** Spins: a parked thread would come back too late for the next job. */
  void awaitTurn(long number) {
    long due = dueNanos(number);
    while (System.nanoTime() - due < 0) {
      Thread.onSpinWait();
    }
  }
}
