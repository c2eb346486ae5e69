package dev.bobbin.benchmarks.peer;

/**
 * When jobs that are sent in batches go out: when they are many, or the first has waited. Where it
 * takes long until they are confirmed, more are collected first.
 */
final class Linger {
  static final int MOST = 1024;
  private static final long LEAST_NANOS = 5_000_000;
  private static final int TIMES = 4;

  private int count;
  private long since;
  private long limitNanos = LEAST_NANOS;

  /** Another one; returns whether all go out now. */
  boolean add() {
    long now = System.nanoTime();
    if (count++ == 0) {
      since = now;
    }
    return count == MOST || now - since > limitNanos;
  }

  /** They go out, which is to be measured. */
  interface Flush<E extends Exception> {
    void run() throws E;
  }

  /** Lets them go out. */
  <E extends Exception> void flush(Flush<E> flush) throws E {
    long start = System.nanoTime();
    flush.run();
    limitNanos = Math.max(LEAST_NANOS, TIMES * (System.nanoTime() - start));
    count = 0;
  }

  int count() {
    return count;
  }

  static String words() {
    return "up to "
        + MOST
        + " jobs, or those of 5 ms, or of "
        + TIMES
        + " times as long as the last took";
  }
}
