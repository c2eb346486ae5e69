package dev.bobbin.torture.child;

import dev.bobbin.Durability;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.torture.oracle.Log;
import dev.bobbin.torture.oracle.Plan;
import java.util.concurrent.locks.LockSupport;

/** Submits one job after another, until the queue is closed or has failed for some time. */
final class Producer implements Runnable {
  /** Jobs of one producer in one run at most. */
  private static final int MAX_JOBS = 300_000;

  /** How often it tries again when the queue has failed. */
  private static final int TRIES_AFTER_FAILURE = 100;

  private static final long PAUSE_NANOS = 1_000_000;

  private final Child child;
  private final JobQueue<byte[]> queue;
  private final int number;
  private final Log log;
  private int triesLeft = TRIES_AFTER_FAILURE;

  Producer(Child child, JobQueue<byte[]> queue, int number) {
    this.child = child;
    this.queue = queue;
    this.number = number;
    this.log = child.log(Log.Kind.PRODUCER, 2 * MAX_JOBS + 1);
  }

  @Override
  public void run() {
    int syncEvery = child.options.syncEvery();
    boolean more = true;
    for (int i = 0; i < MAX_JOBS && more; i++) {
      more = submit(Plan.key(child.options.run(), number, i));
      if (syncEvery > 0 && i % syncEvery == syncEvery - 1) {
        sync();
      }
    }
  }

  /** Returns whether it makes sense to go on. */
  private boolean submit(long key) {
    byte[] payload = child.plan.payload(key);
    JobOptions options = child.plan.options(key);
    log.intent(key, child.hasFailed());
    try {
      JobId id =
          options.equals(JobOptions.NONE) ? queue.submit(payload) : queue.submit(payload, options);
      log.accepted();
      if (child.options.durability() == Durability.SYNC) {
        log.synced();
      }
      if (child.plan.isKeyed(key)) {
        submitAgain(payload, options, id);
      }
      return true;
    } catch (RefusedException e) {
      log.refused(e.refusal());
      return goesOnAfter(e);
    } catch (RuntimeException e) {
      log.refused(null);
      Child.die(e);
      return false;
    }
  }

  /** Its key keeps a second one out. */
  private void submitAgain(byte[] payload, JobOptions options, JobId first) {
    try {
      JobId second = queue.submit(payload, options);
      if (!second.equals(first)) {
        Child.die(new AssertionError("key " + options.key() + ": " + first + " and " + second));
      }
    } catch (RefusedException e) {
      goesOnAfter(e);
    }
  }

  private boolean goesOnAfter(RefusedException refused) {
    if (refused.refusal() == Refusal.CLOSED || refused.refusal() == Refusal.DRAINING) {
      return false;
    }
    if (refused.refusal() == Refusal.DISK_FULL) {
      child.sawFull();
    }
    if (refused.refusal() == Refusal.FAILED) {
      child.sawFailure(refused);
      triesLeft--;
    }
    LockSupport.parkNanos(PAUSE_NANOS);
    return triesLeft > 0;
  }

  private void sync() {
    try {
      queue.sync();
      log.synced();
    } catch (RefusedException e) {
      goesOnAfter(e);
    }
  }
}
