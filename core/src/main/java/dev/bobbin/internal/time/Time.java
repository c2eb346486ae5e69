package dev.bobbin.internal.time;

/**
 * The clocks that decide about jobs: when they are due, how long a lease or a time to live lasts,
 * how fast a throttle lets them through. What is only measured, or how long a caller waits, goes by
 * the machine's own clock. Thread-safe.
 */
public interface Time {
  /** The machine's clocks. */
  static Time system() {
    return SystemTime.INSTANCE;
  }

  /** Milliseconds since 1970 by the wall clock, which may step in either direction. */
  long wallMillis();

  /**
   * Nanoseconds of a clock that never goes back, from a start that means nothing. Unlike those of
   * {@link System#nanoTime} never negative, so that sums of a time and a length compare as they
   * are.
   */
  long nanos();

  /** Whether time passes by itself. If not, looking at the clock costs nothing to save. */
  default boolean passes() {
    return true;
  }

  /** Has {@code stepped} run after every step of a clock that does not pass by itself. */
  default void listen(Runnable stepped) {}

  /** Undoes {@link #listen}. */
  default void forget(Runnable stepped) {}
}
