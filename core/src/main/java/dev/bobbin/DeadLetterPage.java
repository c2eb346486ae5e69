package dev.bobbin;

import java.util.List;

/**
 * Some dead letters, in the order in which they died.
 *
 * @param letters may be empty, also when there are more: others have retried or purged them
 * @param nextCursor what to ask {@link DeadLetters#page} for next
 * @param hasMore whether there were letters from {@code nextCursor} on when the page was read
 */
public record DeadLetterPage(List<DeadLetter> letters, long nextCursor, boolean hasMore) {
  public DeadLetterPage {
    letters = List.copyOf(letters);
  }
}
