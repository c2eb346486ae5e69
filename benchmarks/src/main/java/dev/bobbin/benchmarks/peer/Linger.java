package dev.bobbin.benchmarks.peer;

/** When jobs that are sent in batches go out: when they are many, or the first has waited. */
final class Linger {
  static final int MOST = 1024;
  private static final long MOST_NANOS = 5_000_000;

  private int count;
  private long since;

  /** Another one; returns whether all go out now. */
  boolean add() {
    long now = System.nanoTime();
    if (count++ == 0) {
      since = now;
    }
    return count == MOST || now - since > MOST_NANOS;
  }

  /** They went out. */
  void reset() {
    count = 0;
  }

  int count() {
    return count;
  }

  static String words() {
    return "up to " + MOST + " jobs, or those of 5 ms";
  }
}
