package dev.bobbin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Maintenance#repair} did to a directory, or would do.
 *
 * @param directory the directory
 * @param dryRun whether nothing was to be changed
 * @param copies where the files are now that were changed or deleted, byte for byte; empty if there
 *     were none
 * @param damages what was damaged outside the queues, and was written anew
 * @param queues its queues, in alphabetical order
 */
public record RepairReport(
    Path directory,
    boolean dryRun,
    Optional<Path> copies,
    List<Damage> damages,
    List<QueueRepair> queues) {
  public RepairReport {
    damages = List.copyOf(damages);
    queues = List.copyOf(queues);
  }

  /** Whether something is left that only a backup can bring back. */
  public boolean needsBackup() {
    return queues.stream().anyMatch(q -> q.outcome() == QueueRepair.Outcome.BEYOND_REPAIR);
  }
}
