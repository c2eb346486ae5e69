package dev.bobbin;

import java.time.Instant;
import java.util.List;

/**
 * A worker whose handler has not returned although the lease on its batch has ended. Its jobs went
 * to others; what it says of them when it returns after all is refused.
 *
 * @param thread the name of its thread
 * @param since when it took the batch, by the wall clock
 * @param stack what its thread is doing now, innermost call first; empty if it has just returned
 * @param jobs how many jobs it has lost to others
 */
public record StuckWorker(String thread, Instant since, List<StackTraceElement> stack, int jobs) {
  public StuckWorker {
    stack = List.copyOf(stack);
  }
}
