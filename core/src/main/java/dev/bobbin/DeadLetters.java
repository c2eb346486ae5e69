package dev.bobbin;

import java.util.List;

/**
 * The jobs of a queue that were set aside: attempts used up, rejected, or undecodable. Thread-safe.
 */
public interface DeadLetters {
  /** How many there are. */
  long count();

  /**
   * The oldest dead letters, in the order in which they died.
   *
   * @param max most to return, 1 to 100,000
   */
  List<DeadLetter> list(int max);
}
