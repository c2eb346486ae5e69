package dev.bobbin;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@link Maintenance#verify} found in a directory.
 *
 * @param directory the directory
 * @param damages what is damaged outside its queues
 * @param queues its queues, in alphabetical order
 */
public record VerifyReport(Path directory, List<Damage> damages, List<QueueVerification> queues) {
  public VerifyReport {
    damages = List.copyOf(damages);
    queues = List.copyOf(queues);
  }

  /** Whether nothing is damaged: each queue opens, and every job that it promises can be read. */
  public boolean isHealthy() {
    return damages.isEmpty() && queues.stream().allMatch(QueueVerification::isHealthy);
  }
}
