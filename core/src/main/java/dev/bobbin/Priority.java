package dev.bobbin;

/**
 * Which jobs workers take first. Ready jobs of a higher priority go before those of a lower one;
 * within one priority the order is roughly first in, first out. A job that is not {@link #NORMAL}
 * reaches the workers a moment after its submit: what they take in that moment may go before it.
 */
public enum Priority {
  /** Before everything else. */
  URGENT,
  /** Before normal jobs. */
  HIGH,
  /** What {@code submit} uses: the fast way through the ring. */
  NORMAL,
  /** When nothing else is ready; it may wait for ever behind a constant stream of others. */
  LOW
}
