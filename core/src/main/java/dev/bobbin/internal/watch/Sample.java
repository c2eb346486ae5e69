package dev.bobbin.internal.watch;

import dev.bobbin.internal.watch.GroupGauge.Group;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the judge is told about a queue, about once a second. Counts and times that are called "so
 * far" only grow; two samples tell what happened between them.
 *
 * @param nanos when, as {@link System#nanoTime}
 * @param millis when, in milliseconds since 1970
 * @param topError the kind of error that deliveries failed with most often of late, or null
 * @param failure why the queue has stopped, or null
 */
public record Sample(
    long nanos,
    long millis,
    Flow flow,
    Room room,
    Disk disk,
    List<Group> groups,
    boolean paused,
    boolean draining,
    @Nullable String topError,
    @Nullable Throwable failure) {

  /**
   * Jobs on their way.
   *
   * @param entered jobs accepted so far
   * @param left jobs acked, dead or expired so far
   * @param failed deliveries that failed so far
   * @param delivered deliveries that failed or ended their job so far
   * @param taken deliveries begun so far
   * @param ready jobs that wait for a worker now
   * @param inFlight jobs in workers' hands now
   * @param unfinished ready, in flight and delayed jobs now
   */
  public record Flow(
      long entered,
      long left,
      long failed,
      long delivered,
      long taken,
      long ready,
      long inFlight,
      long unfinished) {}

  /**
   * What there is room for, and who waited for it.
   *
   * @param maxJobs the limit on unfinished jobs
   * @param bytes what they take up now
   * @param maxBytes the limit on that; {@link Long#MAX_VALUE} for none
   * @param dead dead letters now
   * @param maxDead how many make the workers pause; {@link Long#MAX_VALUE} if they never do
   * @param waitedNanos time that producers have waited for room so far, added up
   * @param refusedForJobs submits refused so far because of the limit on jobs
   * @param refusedForBytes submits refused so far because the ring or the limit on bytes was full
   */
  public record Room(
      long maxJobs,
      long bytes,
      long maxBytes,
      long dead,
      long maxDead,
      long waitedNanos,
      long refusedForJobs,
      long refusedForBytes) {}

  /**
   * What the disk takes.
   *
   * @param full whether the disk has no room for another segment
   * @param slowNanos time spent in slow flushes so far
   * @param p99Nanos 99 of 100 flushes took no longer
   * @param refused submits refused so far because the disk had not answered for too long
   */
  public record Disk(boolean full, long slowNanos, long p99Nanos, long refused) {}
}
