package dev.bobbin;

import java.util.List;

/**
 * What {@link Maintenance#verify} found in one queue. Where something is damaged, the counts are of
 * what can still be believed.
 *
 * @param queue the queue's name
 * @param segments segments of the journal in use
 * @param spareSegments segments that are kept for later use
 * @param blocks blocks in use that could be read
 * @param ready unfinished jobs that are ready at once
 * @param delayed unfinished jobs with a due time
 * @param dead dead letters
 * @param liveBytes bytes of the journal that these jobs take up
 * @param deadBytes all other bytes of the journal's blocks
 * @param tornBytes bytes of an unfinished write at the journal's end: normal after a crash, never
 *     promised, cut when the queue is opened
 * @param cleanlyClosed whether the last owner had closed the queue
 * @param ring what the ring adds
 * @param damages what is damaged; empty if the queue is healthy
 */
public record QueueVerification(
    String queue,
    int segments,
    int spareSegments,
    long blocks,
    long ready,
    long delayed,
    long dead,
    long liveBytes,
    long deadBytes,
    long tornBytes,
    boolean cleanlyClosed,
    RingVerification ring,
    List<Damage> damages) {
  public QueueVerification {
    damages = List.copyOf(damages);
  }

  /** Whether nothing is damaged. */
  public boolean isHealthy() {
    return damages.isEmpty();
  }
}
