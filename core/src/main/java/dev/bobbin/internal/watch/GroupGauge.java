package dev.bobbin.internal.watch;

import dev.bobbin.QueueStatus.HandlerGroup;
import dev.bobbin.QueueStatus.Percentiles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The workers that were started together, with one handler. Thread-safe. */
public final class GroupGauge {
  private final Crew crew;
  private final String handler;
  private final long leaseNanos;
  private final List<WorkerGauge> workers = new CopyOnWriteArrayList<>();
  private final AtomicInteger running = new AtomicInteger();

  /** Guarded by the crew. */
  private final Timing handlerTimes = new Timing();

  /** As of the last sample; guarded by the crew. */
  private Percentiles percentiles = Percentiles.NONE;

  GroupGauge(Crew crew, String handler, long leaseNanos) {
    this.crew = crew;
    this.handler = handler;
    this.leaseNanos = leaseNanos;
  }

  /** A gauge for one more worker. */
  public WorkerGauge worker() {
    WorkerGauge gauge = new WorkerGauge();
    workers.add(gauge);
    return gauge;
  }

  /** The workers' threads are about to be started. */
  public void launched() {
    running.set(workers.size());
    crew.add(this);
  }

  /** One worker's thread ends. */
  public void exited() {
    if (running.decrementAndGet() == 0) {
      crew.remove(this);
    }
  }

  /** No worker is left; some may have gone without ever beginning. */
  public void ended() {
    if (running.getAndSet(0) > 0) {
      crew.remove(this);
    }
  }

  /** Takes over what the workers recorded. With the crew's monitor. */
  void collect(long nowNanos, Timing allWaits, Timing allHandlerTimes) {
    handlerTimes.turn(nowNanos);
    for (WorkerGauge worker : workers) {
      worker.waitMillis.collect(allWaits);
      worker.handlerNanos.collect(handlerTimes, allHandlerTimes);
    }
    percentiles = handlerTimes.percentiles(1);
  }

  /** With the crew's monitor. */
  Group group(long nowNanos) {
    int idle = 0;
    long longest = 0;
    long busy = 0;
    long jobs = 0;
    long inHandJobs = 0;
    for (WorkerGauge worker : workers) {
      long inHand = worker.inHandNanos(nowNanos);
      busy += worker.busyNanos();
      jobs += worker.jobs();
      if (inHand == WorkerGauge.IDLE) {
        idle++;
      } else {
        // A handler that has not returned yet counts with the time it has taken so far.
        busy += inHand;
        inHandJobs += worker.lastBatch();
        longest = Math.max(longest, inHand);
      }
    }
    // Those that have ended have nothing in hand.
    int alive = running.get();
    int idleAlive = Math.max(0, alive - (workers.size() - idle));
    return new Group(
        this,
        handler,
        alive,
        idleAlive,
        longest,
        leaseNanos,
        percentiles.p99().toNanos(),
        busy,
        jobs,
        inHandJobs);
  }

  /** With the crew's monitor. */
  HandlerGroup status(long nowNanos) {
    Group now = group(nowNanos);
    return new HandlerGroup(
        handler, now.workers(), now.idle(), Duration.ofNanos(now.longestNanos()), percentiles);
  }

  /**
   * A group at one moment.
   *
   * @param group which, the same object in each sample
   * @param longestNanos for how long the oldest batch in hand has been there, 0 if none is
   * @param p99Nanos the handler's time for a job, but for the slowest hundredth
   * @param busyNanos time spent in the handler since the group began, by all its workers together
   * @param jobs jobs that the handler has returned from since the group began
   * @param inHand jobs in batches in hand
   */
  public record Group(
      Object group,
      String handler,
      int workers,
      int idle,
      long longestNanos,
      long leaseNanos,
      long p99Nanos,
      long busyNanos,
      long jobs,
      long inHand) {}
}
