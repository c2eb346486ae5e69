package dev.bobbin.torture.child;

import dev.bobbin.Batch;
import dev.bobbin.DeliveredJob;
import dev.bobbin.Job;
import dev.bobbin.RawJob;
import dev.bobbin.torture.oracle.Log;
import dev.bobbin.torture.oracle.Plan;
import dev.bobbin.torture.oracle.Plan.Outcome;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What workers do: write down what they were given and what they will do about it, and do it. */
final class Handlers {
  private static final int RECORDS = 2_000_000;

  private final Child child;
  private final ThreadLocal<Log> batchLog;
  private final ThreadLocal<Log> rawLog;
  private final ThreadLocal<byte[]> bytes =
      ThreadLocal.withInitial(() -> new byte[Plan.MAX_PAYLOAD]);

  Handlers(Child child) {
    this.child = child;
    this.batchLog = ThreadLocal.withInitial(() -> child.log(Log.Kind.WORKER, RECORDS));
    this.rawLog = ThreadLocal.withInitial(() -> child.log(Log.Kind.RAW, RECORDS));
  }

  void handle(Batch<byte[]> batch) {
    Log log = batchLog.get();
    // The worker has come back for more: what became of its last batch is carried out.
    log.done();
    boolean holds = child.options.holdMillis() > 0;
    boolean throwing = !holds && ThreadLocalRandom.current().nextInt(50) == 0;
    child.hold();
    for (Job<byte[]> job : batch) {
      Outcome outcome = delivered(child, log, job, throwing);
      if (!throwing && !give(job, outcome, holds)) {
        log.late(key(job));
      }
    }
    if (throwing) {
      // One reason for all: the reason of a dead letter is checked where it was one job's own.
      throw new IllegalStateException(Plan.BATCH_REASON);
    }
  }

  /** Writes down the delivery; returns the outcome that it is to have. */
  static Outcome delivered(Child child, Log log, DeliveredJob<byte[]> job, boolean throwing) {
    byte[] payload = job.payload();
    long key = key(job);
    Outcome outcome =
        throwing
            ? Outcome.RETRY
            : child.plan.outcome(key, job.attempt(), System.identityHashCode(log), false);
    int print = Plan.print(payload, payload.length, job.headers(), job.priority());
    log.delivered(key, job.attempt(), outcome, print, payload.length);
    return outcome;
  }

  static long key(DeliveredJob<byte[]> job) {
    return Plan.key(job.payload(), job.payload().length);
  }

  /**
   * Returns false if the lease had ended.
   *
   * @param always whether every outcome is said: else some jobs are acked by saying nothing
   */
  private static boolean give(Job<byte[]> job, Outcome outcome, boolean always) {
    long key = key(job);
    try {
      switch (outcome) {
        case RETRY -> {
          if ((key & 3) == 0) {
            job.retry(Duration.ofMillis(key & 31), Plan.reason(key));
          } else {
            job.retry(Plan.reason(key));
          }
        }
        case SNOOZE -> job.snooze(Duration.ofMillis(key & 15));
        case REJECT -> job.reject(Plan.reason(key));
        case ACK -> {
          if (always || (key & 1) == 0) {
            job.ack();
          }
        }
      }
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  void handle(RawJob job) {
    Log log = rawLog.get();
    byte[] payload = bytes.get();
    job.copyTo(payload, 0);
    long key = Plan.key(payload, job.length());
    Outcome outcome = child.plan.outcome(key, job.attempt(), System.identityHashCode(log), true);
    int print = Plan.print(payload, job.length(), job.headers(), job.priority());
    log.delivered(key, job.attempt(), outcome, print, job.length());
    if (outcome == Outcome.RETRY) {
      throw new IllegalStateException(Plan.reason(key));
    }
  }
}
