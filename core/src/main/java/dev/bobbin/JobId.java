package dev.bobbin;

/**
 * A job's identity, unique over queues and restarts and the same on every delivery.
 *
 * @param origin a random number drawn by whoever created the queue (or, on a shared backend, by the
 *     producer)
 * @param number counts up within the origin, with gaps; never used twice
 */
public record JobId(long origin, long number) {
  /**
   * The form that {@link #parse} reads: both parts in hexadecimal, {@code 5b1f0c9e8d7a6b43-1c0}.
   */
  @Override
  public String toString() {
    return Long.toHexString(origin) + "-" + Long.toHexString(number);
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  public static JobId parse(String text) {
    int dash = text.indexOf('-');
    try {
      return new JobId(
          Long.parseUnsignedLong(text.substring(0, Math.max(dash, 0)), 16),
          Long.parseUnsignedLong(text.substring(dash + 1), 16));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a job id is two hexadecimal numbers joined by '-', found: " + text, e);
    }
  }
}
