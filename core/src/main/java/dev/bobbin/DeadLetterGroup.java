package dev.bobbin;

import java.time.Instant;

/**
 * Dead letters that died of the same error.
 *
 * @param error what they have in common, see {@link DeadLetter#error()}; empty for {@code others}
 * @param count how many
 * @param firstDiedAt when the first of them died
 * @param lastDiedAt when the last of them died
 * @param example one of them
 * @param others whether these are the letters of all errors that got no group of their own
 */
public record DeadLetterGroup(
    String error,
    long count,
    Instant firstDiedAt,
    Instant lastDiedAt,
    JobId example,
    boolean others) {
  /** Whether the letter died of this error. Never for {@code others}. */
  public boolean contains(DeadLetter letter) {
    return !others && letter.error().equals(error);
  }
}
