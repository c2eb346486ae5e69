package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.Reader;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One worker thread: takes a batch, has it handled, and goes on until it is told to stop. While
 * there is nothing to do it looks a few times and then parks.
 *
 * <p>How long it waits between two looks follows the size of the last batch: jobs that come fast
 * are left to gather, because looking constantly would take the line that the producer is writing
 * away from it, job by job; a job that comes alone is seen within a microsecond.
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

  private static final long FULL_HANDS_NANOS = 100_000;

  final Desk desk;
  final Outcomes outcomes;
  private final Reader reader;
  private final Claim claim;
  private final WorkerGroup group;
  private final int maxBatch;
  private boolean dueLast;
  private int lastBatch;

  /** What this worker has set aside of what batches in hand may add up to. */
  private int reserved;

  Worker(Desk desk, WorkerGroup group, int maxBatch) {
    this.desk = desk;
    this.group = group;
    this.maxBatch = maxBatch;
    this.outcomes = new Outcomes(desk);
    this.reader = desk.window.addReader();
    this.claim = desk.ring.newClaim(maxBatch);
  }

  /**
   * Handles a batch in the ring and reports its outcomes; releases {@code reader} when its bytes
   * are no longer needed.
   */
  abstract void handle(Claim batch, Reader batchReader);

  /** Handles a batch on the heap and reports its outcomes. */
  abstract void handle(Delivery batch);

  /** Most jobs to be taken now. */
  int batchSize() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void run() {
    try {
      int paused = 0;
      while (!group.isStopping()) {
        if (desk.turnstile().isClosed()) {
          desk.turnstile().await(group::isStopping);
        } else if (turn()) {
          paused = 0;
          // An interrupt meant for the handler must not reach the queue's own waits.
          Thread.interrupted();
        } else if (paused < Math.min(MAX_PAUSES_BEFORE_PARK, PAUSES_BEFORE_PARK * lastBatch)) {
          int pauses = Math.max(MIN_PAUSES, Math.min(MAX_PAUSES, PAUSES_PER_JOB * lastBatch));
          for (int i = 0; i < pauses; i++) {
            Thread.onSpinWait();
          }
          paused += pauses;
        } else {
          paused = 0;
          lastBatch = 0;
          desk.doorbell.awaitWork(
              () -> desk.ring.hasUnread() || desk.hasLoaded() || group.isStopping());
          // Whoever interrupts an idle worker wakes it once; left set, it would never park again.
          Thread.interrupted();
        }
      }
    } catch (Throwable e) {
      desk.ledger.failed(e);
    } finally {
      reader.release();
      desk.window.removeReader(reader);
      // A wake-up may have been spent on this worker after it was told to stop.
      desk.doorbell.wakeWorker();
      group.exited();
    }
  }

  /** Takes and handles one batch, a loaded one or one from the ring; false if there is none. */
  private boolean turn() {
    if (!desk.reserve()) {
      // Too much is in hand already; whoever holds it does not know of this worker, so look again
      // in a while.
      LockSupport.parkNanos(this, FULL_HANDS_NANOS);
      return false;
    }
    reserved = desk.reservedBytes();
    try {
      return takeLoaded(desk.lanes().beforeRing(dueLast))
          || takeFromRing()
          || takeLoaded(desk.lanes().afterRing());
    } finally {
      desk.adjust(-reserved);
    }
  }

  private boolean takeLoaded(@Nullable Lane lane) {
    Delivery loaded = desk.pollLoaded(lane, Math.min(batchSize(), maxBatch));
    dueLast = lane == Lane.DUE;
    if (loaded == null) {
      return false;
    }
    lastBatch = loaded.size();
    int bytes = loaded.bytesUsed();
    adjust(bytes);
    loaded.forEachRange(reader.inHand()::add);
    reader.inHand().hold();
    handle(loaded);
    reader.inHand().clear();
    desk.ledger.outside(-bytes);
    return true;
  }

  private boolean takeFromRing() {
    claim.limit(batchSize());
    if (!desk.ring.claim(reader, claim, desk.batchBytes())) {
      return false;
    }
    lastBatch = claim.size();
    adjust((int) (claim.to() - claim.from()));
    if (desk.ring.hasUnread()) {
      desk.doorbell.wakeAnother();
    }
    reader.inHand().add(claim.from(), claim.to());
    reader.inHand().hold();
    handle(claim, reader);
    reader.inHand().clear();
    return true;
  }

  private void adjust(int actual) {
    desk.adjust(actual - reserved);
    reserved = actual;
  }

  /**
   * After the acked jobs of a batch were reported: counts them, and carries out what becomes of the
   * others.
   */
  final void settle(int jobs, List<Unacked> unacked) {
    desk.ledger.acked(jobs - unacked.size());
    outcomes.carryOut(unacked);
    desk.ledger.reported();
  }

  /**
   * Reports all of a batch in the ring as finished but {@code exceptions}, which are in order of
   * position.
   */
  final void finish(Claim batch, List<Unacked> exceptions) {
    batch.forEachRange((from, to) -> finishAround(from, to, exceptions));
  }

  /** Reports all of a batch on the heap as finished but {@code exceptions}. */
  final void finish(Delivery batch, List<Unacked> exceptions) {
    batch.forEachRange((from, to) -> finishAround(from, to, exceptions));
  }

  private void finishAround(long from, long to, List<Unacked> exceptions) {
    long start = from;
    for (Unacked exception : exceptions) {
      if (exception.position() >= start && exception.position() < to) {
        if (exception.position() > start) {
          desk.window.finish(start, exception.position());
        }
        start = exception.end();
      }
    }
    if (start < to) {
      desk.window.finish(start, to);
    }
  }
}
