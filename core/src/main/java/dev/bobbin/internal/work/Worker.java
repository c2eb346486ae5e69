package dev.bobbin.internal.work;

import dev.bobbin.internal.watch.WorkerGauge;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One worker thread: takes a batch, has it handled, and goes on until it is told to stop. While
 * there is nothing to do it looks a few times and then parks.
 *
 * <p>How long it waits between two looks follows the size of the last batch: jobs that come fast
 * are left to gather, because looking constantly would take the line that the producer is writing
 * away from it, job by job; a job that comes alone is seen within a microsecond. For the same
 * reason a worker that has caught up with fast producers keeps away from them for a moment
 * (docs/decisions/011).
 */
abstract class Worker implements Runnable {
  /** Pauses between two looks, at least and at most, and for each job of the last batch. */
  private static final int MIN_PAUSES = 30;

  private static final int MAX_PAUSES = 1_000;
  private static final int PAUSES_PER_JOB = 100;

  /**
   * Pauses without work before a worker parks, for each job of the last batch and at most: some
   * tens of microseconds. A worker that waits for lone jobs leaves its processor to others soon.
   */
  private static final int PAUSES_BEFORE_PARK = 300;

  private static final int MAX_PAUSES_BEFORE_PARK = 3_000;

  /** How long a worker that has caught up lets jobs gather, and from which batch on. */
  private static final long GATHER_NANOS = 30_000;

  private static final int GATHER_JOBS = 8;

  /** How long a worker waits after an error of its own before it begins again. */
  static final long RESTART_NANOS = TimeUnit.SECONDS.toNanos(1);

  final Desk desk;
  final Hold hold = new Hold();

  /** Null if calls may take as long as the lease. */
  final @Nullable CallGuard guard;

  private final WorkerGroup group;
  private final WorkerGauge gauge;
  private final Taker taker;
  private final Outcomes outcomes;
  private final int maxBatch;
  private final AtomicBoolean closed = new AtomicBoolean();
  private int lastBatch;

  /** Whether the batch in hand is partly reported: what is left of it cannot be told. */
  private boolean reporting;

  /**
   * How many jobs went to others, and how many were done by then. Written by whoever takes a batch
   * away, before its last step.
   */
  private int lost;

  private int lostAt;

  Worker(WorkerGroup group) {
    this.desk = group.desk();
    this.group = group;
    this.guard = group.newGuard();
    this.maxBatch = group.options().maxBatch();
    this.outcomes = new Outcomes(desk);
    this.gauge = group.gauge().worker();
    this.taker = new Taker(desk, maxBatch);
  }

  /**
   * Handles the batch that was taken: {@link #begin}s it, calls the handler, {@link #end}s it, and
   * {@link #settle}s it if it is still in this worker's hands.
   */
  abstract void handle(Taker taken);

  /**
   * Says what has become of the jobs of the batch in hand, of which {@code progress} were done when
   * it was looked at. On the thread of whoever takes it away, while the handler may run.
   */
  abstract TakeBack takenFrom(Taker taken, int progress);

  /** Forgets the buffers of a batch that others have now, or that an error broke off. */
  abstract void renewBuffers();

  /** Most jobs to be taken now. */
  int batchSize() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void run() {
    if (!group.enter(this)) {
      return;
    }
    try {
      hold.runBy(Thread.currentThread());
      countAtMeter(1);
      while (!group.isStopping()) {
        work();
      }
    } finally {
      hold.runBy(null);
      countAtMeter(-1);
      close();
      // A wake-up may have been spent on this worker after it was told to stop.
      desk.doorbell.wakeWorker();
      desk.turnstile().freed();
      group.exited(this);
    }
  }

  private void countAtMeter(int change) {
    if (desk.meter != null) {
      desk.meter.workers(change);
    }
  }

  /** Takes batches until the worker is to stop or meets an error that is not the handler's. */
  private void work() {
    try {
      int paused = 0;
      while (!group.isStopping()) {
        if (turn()) {
          paused = 0;
          // An interrupt meant for the handler must not reach the queue's own waits.
          Thread.interrupted();
          if (lastBatch >= GATHER_JOBS && taker.hasCaughtUp()) {
            gather();
          }
        } else {
          paused = pause(paused);
        }
      }
    } catch (Throwable e) {
      recover(e);
    }
  }

  /** Leaves the processor to producers and the flush cycle, if they have no other. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint is all that is wanted
  private static void gather() {
    long began = System.nanoTime();
    do {
      Thread.yield();
    } while (System.nanoTime() - began < GATHER_NANOS);
  }

  private int pause(int paused) {
    if (paused < Math.min(MAX_PAUSES_BEFORE_PARK, PAUSES_BEFORE_PARK * lastBatch)) {
      int pauses = Math.max(MIN_PAUSES, Math.min(MAX_PAUSES, PAUSES_PER_JOB * lastBatch));
      for (int i = 0; i < pauses; i++) {
        Thread.onSpinWait();
      }
      return paused + pauses;
    }
    lastBatch = 0;
    desk.doorbell.awaitWork(() -> desk.hasWork() || group.isStopping());
    // Whoever interrupts an idle worker wakes it once; left set, it would never park again.
    Thread.interrupted();
    return 0;
  }

  /** Takes and handles one batch, a loaded one or one from the ring; false if there is none. */
  private boolean turn() {
    int wanted = Math.min(batchSize(), maxBatch);
    Meter limits = desk.meter;
    if (limits != null) {
      if (!desk.hasWork()) {
        return false;
      }
      wanted = Math.min(wanted, limits.share());
    }
    if (!taker.enter(wanted) && !enterLater(wanted)) {
      return false;
    }
    if (!taker.take()) {
      return false;
    }
    lastBatch = taker.size();
    taken();
    taker.record();
    handle(taker);
    taker.unrecord();
    gauge.idle();
    return true;
  }

  /** Has the status know of the batch that was just taken. */
  private void taken() {
    long waitedMillis = desk.ledger.nowMillis() - taker.readyMillis();
    gauge.took(lastBatch, System.nanoTime(), waitedMillis);
  }

  /** The handler has returned after {@code nanos}. */
  final void handled(int jobs, long nanos) {
    if (jobs > 0) {
      gauge.handled(jobs, nanos);
    }
  }

  private boolean enterLater(int wanted) {
    try {
      return taker.enterLater(wanted, group::isStopping, Ticks.NEVER);
    } catch (InterruptedException e) {
      // As for an idle worker.
      return false;
    }
  }

  /** The batch is in hand from now on, under the group's lease. */
  final void begin() {
    long now = desk.time.nanos();
    hold.begin(now);
    group.watch(now);
  }

  /** The handler is done; false if the batch was taken away: then nothing of it may be settled. */
  final boolean end() {
    if (hold.end()) {
      return true;
    }
    // What was done since: of a job at most, or of all that was left of a batch in one call.
    group.returned(Math.min(lost, hold.progress() - Math.max(0, lostAt)));
    return false;
  }

  /**
   * Reports all of the batch in hand as finished but {@code unacked}, which are in order of
   * position, and carries out what becomes of those.
   */
  final void settle(List<Unacked> unacked) {
    reporting = true;
    int jobs = taker.size();
    Delivery loaded = taker.loaded();
    int bytes = loaded == null ? 0 : loaded.bytesUsed();
    taker.forEachRange((from, to) -> finishAround(from, to, unacked));
    desk.ledger.acked(jobs - unacked.size());
    int kept = outcomes.carryOut(unacked);
    if (kept > 0) {
      desk.ledger.givenUp(kept, GivenUp.INTERRUPTED);
    }
    if (bytes > 0) {
      desk.ledger.outside(-bytes);
    }
    taker.leave();
    desk.ledger.reported();
    reporting = false;
  }

  private void finishAround(long from, long to, List<Unacked> exceptions) {
    long start = from;
    for (Unacked exception : exceptions) {
      if (exception.position() >= start && exception.position() < to) {
        if (exception.position() > start) {
          desk.finish(start, exception.position());
        }
        start = exception.end();
      }
    }
    if (start < to) {
      desk.finish(start, to);
    }
  }

  // How a batch goes back.

  /**
   * Takes the batch {@code held} away from this worker, settles what is done of it, and gives the
   * rest to others unless the queue closes; returns how many jobs that were, or -1 if the worker
   * was faster. On any thread.
   */
  final int takeAway(long held, GivenUp why) {
    if (!hold.takeAway(held)) {
      return -1;
    }
    TakeBack back;
    Lane lane;
    int open;
    try {
      Delivery loaded = taker.loaded();
      int outside = loaded == null ? 0 : loaded.bytesUsed();
      lostAt = hold.progress();
      back = takenFrom(taker, lostAt);
      open = back.finish(outside, why);
      lost = open;
      lane = taker.lane();
      taker.leave();
      if (why == GivenUp.INTERRUPTED) {
        // The queue closes in order: what its handler does to the process is no crash of this job.
        taker.unrecord();
      }
      if (why != GivenUp.HANDED_BACK) {
        desk.ledger.stuck(1);
      }
    } finally {
      hold.taken();
    }
    if (why.goOn()) {
      // Last: whoever gets the jobs now finds this worker stuck. The worker may go on by now, so
      // nothing of its own is looked at any more.
      back.putBack(lane);
    }
    return open;
  }

  /**
   * After an error that is not the handler's: others get the batch, and this worker begins again
   * with new buffers in a while. Where the error leaves it open what was reported, or comes from
   * the mapping, the queue stops: reopening it finds out.
   */
  private void recover(Throwable error) {
    gauge.idle();
    if (reporting || error instanceof InternalError) {
      desk.ledger.failed(error);
      return;
    }
    Notice.workerFailed(group.name(), error);
    try {
      handBack();
    } catch (Throwable e) {
      error.addSuppressed(e);
      desk.ledger.failed(error);
    }
    group.awaitStop(RESTART_NANOS);
  }

  private void handBack() {
    long held = hold.held();
    boolean own = held != 0 && takeAway(held, GivenUp.HANDED_BACK) >= 0;
    boolean takenAway = !own && hold.isLost();
    hold.end();
    if (takenAway) {
      group.returned(0);
    }
    if (taker.hasBatch()) {
      // Taken, and not in hand yet.
      taker.handBack();
    }
    taker.release();
    taker.unrecord();
    renewBuffers();
  }

  /** How many jobs went to others when the batch was taken away last. */
  final int lost() {
    return lost;
  }

  /** Removes what the queue keeps for this worker. Idempotent. */
  final void close() {
    if (!closed.getAndSet(true)) {
      taker.close();
    }
  }
}
