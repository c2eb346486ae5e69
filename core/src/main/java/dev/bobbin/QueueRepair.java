package dev.bobbin;

import java.util.List;

/**
 * What {@link Maintenance#repair} did to one queue, or would do.
 *
 * @param queue the queue's name
 * @param outcome how it ended
 * @param damages what was damaged
 * @param lost where nothing could be saved
 * @param ready ready jobs that are left
 * @param delayed delayed jobs that are left
 * @param dead dead letters that are left
 * @param lostAckBlocks blocks of acks that were damaged: jobs that they settled are delivered again
 * @param note what else there is to know; empty if nothing
 */
public record QueueRepair(
    String queue,
    Outcome outcome,
    List<Damage> damages,
    List<LostBytes> lost,
    long ready,
    long delayed,
    long dead,
    long lostAckBlocks,
    String note) {
  /** How a repair ended. */
  public enum Outcome {
    /** Nothing was damaged, and nothing was changed. */
    HEALTHY,
    /** The queue opens again. */
    REPAIRED,
    /** A dry run: the queue would open again. */
    REPAIRABLE,
    /** What is damaged cannot be made up: restore the queue from a backup. Nothing was changed. */
    BEYOND_REPAIR
  }

  public QueueRepair {
    damages = List.copyOf(damages);
    lost = List.copyOf(lost);
  }

  /** Bytes out of which nothing could be saved. */
  public long lostBytes() {
    return lost.stream().mapToLong(LostBytes::bytes).sum();
  }
}
