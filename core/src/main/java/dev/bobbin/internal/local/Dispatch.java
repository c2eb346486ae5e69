package dev.bobbin.internal.local;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Refusal;
import dev.bobbin.internal.admit.Entrance;
import dev.bobbin.internal.admit.Fit;
import dev.bobbin.internal.ring.FinishedLog.RangeVisitor;
import dev.bobbin.internal.watch.Counters;
import dev.bobbin.internal.work.Delivery;
import dev.bobbin.internal.work.Desk;
import dev.bobbin.internal.work.Lane;
import dev.bobbin.internal.work.Turnstile;
import org.jspecify.annotations.Nullable;

/**
 * A queue that hands out jobs which are kept elsewhere, as their keeper sees it: what it brings
 * them to, and what it tells. Workers, leases, throttle, pauses, verdicts and the order of closing
 * are those of any queue. Thread-safe.
 */
public final class Dispatch<T> {
  private final LocalQueue<T> queue;
  private final QueueCore core;
  private final Entrance entrance;

  Dispatch(LocalQueue<T> queue) {
    this.queue = queue;
    this.core = queue.core;
    this.entrance = new Entrance(core.admission, core.keyed);
  }

  /**
   * The queue's other face: for all but what goes to the keeper itself, which is submits, dead
   * letters and {@code sync}.
   */
  public JobQueue<T> queue() {
    return queue;
  }

  /** Brings jobs to the workers. Their positions are the keeper's, and never repeat. */
  public void offer(Delivery jobs) {
    core.admission.outside(jobs.bytesUsed());
    core.desk.offer(Lane.BACKLOG, jobs);
  }

  /**
   * Takes back what was offered and no worker has taken, with what came back from workers' hands;
   * the jobs are the keeper's again.
   */
  public void recall(RangeVisitor positions) {
    for (Lane lane : Lane.values()) {
      Delivery jobs = core.desk.recall(lane);
      while (jobs != null) {
        core.admission.outside(-jobs.bytesUsed());
        jobs.forEachRange(positions);
        jobs = core.desk.recall(lane);
      }
    }
  }

  /** Jobs that were offered and that no worker has taken. */
  public long loadedJobs() {
    return core.desk.loadedJobs();
  }

  /** Whether workers and takers are held back. */
  public boolean isHeldBack() {
    Desk desk = core.desk;
    return desk.isPaused() || desk.turnstile().isClosed();
  }

  /** Whether a job of this queue is one that it can take. */
  public Fit<T> fit(Codec<T> codec) {
    return new Fit<>(codec, core.options.maxPayloadBytes(), core.admission);
  }

  /** Lets jobs in, or says why not. */
  public Entrance entrance() {
    return entrance;
  }

  /** What has happened since the queue was opened. */
  public Counters counters() {
    return core.counters;
  }

  /** Holds workers back. */
  public Turnstile turnstile() {
    return core.desk.turnstile();
  }

  /** Something moved: perhaps nothing is left to do. */
  public void moved() {
    core.flushing.goOn();
    core.idleness.mayHaveCome();
  }

  /** Whether the queue is closed, or about to be. */
  public boolean isClosed() {
    return core.admission.isClosedFor(Refusal.CLOSED);
  }

  /** Why the queue cannot go on, or null. */
  public @Nullable Throwable failure() {
    return core.failure();
  }

  /** The queue cannot go on. */
  public void fail(Throwable cause) {
    core.fail(cause);
  }

  /** Milliseconds since 1970. */
  public long nowMillis() {
    return core.time.wallMillis();
  }
}
