package dev.bobbin.torture.child;

import dev.bobbin.BobbinException;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.torture.oracle.Log;
import dev.bobbin.torture.oracle.Plan;
import dev.bobbin.torture.oracle.Plan.Outcome;
import java.time.Duration;

/** Pulls jobs under leases, and settles each. */
final class Taker implements Runnable {
  private static final int RECORDS = 1_000_000;
  private static final int MOST = 16;
  private static final Duration WAIT = Duration.ofMillis(20);

  private final Child child;
  private final JobQueue<byte[]> queue;
  private final Duration leaseTime;
  private final Log log;

  Taker(Child child, JobQueue<byte[]> queue, Duration leaseTime) {
    this.child = child;
    this.queue = queue;
    this.leaseTime = leaseTime;
    this.log = child.log(Log.Kind.WORKER, RECORDS);
  }

  @Override
  public void run() {
    try {
      while (!child.isStopping()) {
        try (Lease<byte[]> lease = queue.take(MOST, WAIT, leaseTime)) {
          if (!lease.isEmpty()) {
            child.hold();
          }
          lease.forEach(this::settle);
        }
        log.done();
      }
    } catch (BobbinException e) {
      child.sawFailure(e);
    }
  }

  private void settle(LeasedJob<byte[]> job) {
    Outcome outcome = Handlers.delivered(child, log, job, false);
    if (!give(job, outcome)) {
      log.late(Handlers.key(job));
    }
  }

  private static boolean give(LeasedJob<byte[]> job, Outcome outcome) {
    long key = Handlers.key(job);
    return switch (outcome) {
      case ACK -> job.ack();
      case RETRY -> job.retry(Plan.reason(key));
      case SNOOZE -> job.snooze(Duration.ofMillis(key & 15));
      case REJECT -> job.reject(Plan.reason(key));
    };
  }
}
