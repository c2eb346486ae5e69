package dev.bobbin.torture.oracle;

import dev.bobbin.torture.Report;
import dev.bobbin.torture.oracle.Plan.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The deliveries of one run: checks each against what earlier runs have left and against the others
 * of its own run, and remembers what became of them.
 */
final class Deliveries {
  /** In {@link #seen}: the job was finished. Below it one bit for each attempt. */
  private static final int FINISHED = 1 << 31;

  private final Plan plan;
  private final Known known;
  private final Report report;
  private final RunLogs logs;
  private final int run;
  private final End end;
  private final boolean leasesEnd;
  private final Map<Long, Integer> seen = new HashMap<>();

  /**
   * @param leasesEnd whether a lease may have ended, so that one attempt was delivered twice
   */
  Deliveries(
      Plan plan, Known known, Report report, RunLogs logs, int run, End end, boolean leasesEnd) {
    this.plan = plan;
    this.known = known;
    this.report = report;
    this.logs = logs;
    this.run = run;
    this.end = end;
    this.leasesEnd = leasesEnd;
  }

  /** Takes all in; {@code diedMillis} is not before the end of the run. */
  void take(long diedMillis) {
    logs.workers.forEach(worker -> worker.forEach(this::allowRetry));
    logs.workers.forEach(worker -> worker.forEach(this::check));
    if (end == End.CLOSED) {
      logs.workers.forEach(worker -> worker.forEach(delivery -> delivery.doneMillis = diedMillis));
    }
    for (List<Delivery> worker : logs.workers) {
      for (Delivery delivery : worker) {
        if (known.is(delivery.key, Known.INTENDED)) {
          apply(delivery, diedMillis);
        }
      }
    }
  }

  private void allowRetry(Delivery delivery) {
    if (delivery.outcome == Outcome.RETRY && known.is(delivery.key, Known.INTENDED)) {
      known.retried(delivery.key, delivery.attempt);
    }
  }

  private void check(Delivery delivery) {
    report.count("delivered");
    long key = delivery.key;
    Bytes.check(plan, known, report, key, delivery.print, delivery.size);
    if (!known.is(key, Known.INTENDED)) {
      return;
    }
    if (delivery.millis < known.dueMillis.getOrDefault(key, 0L)) {
      fault("delivered before it was due", delivery);
    }
    if (delivery.attempt < 1 || delivery.attempt > known.retried(key) + 1) {
      fault("retried " + known.retried(key) + " times at most", delivery);
    }
    if (delivery.attempt < known.atLeast(key)) {
      fault("attempt " + known.atLeast(key) + " was on disk", delivery);
    }
    if (known.is(key, Known.REFUSED)) {
      fault("it was refused", delivery);
    }
    if (known.is(key, Known.SETTLED)) {
      fault("its ack was on disk before an earlier death", delivery);
    }
    if (known.is(key, Known.DEAD)) {
      fault("it was a dead letter", delivery);
    }
    checkTwice(delivery);
  }

  /** Within a run a job is delivered once for each attempt, but for snoozes, and finished once. */
  private void checkTwice(Delivery delivery) {
    long key = delivery.key;
    Integer before = seen.get(key);
    if (before == null) {
      before = 0;
      if (known.is(key, Known.ACKED)) {
        report.count("delivered again after an ack");
        report.max("the oldest ms before its death", known.ackedBefore(key));
        // So the ack has come to nothing, and the job is to be finished once more.
        known.clear(key, Known.ACKED);
      }
    }
    if (delivery.late) {
      report.count("late outcomes");
      seen.put(key, before);
      return;
    }
    int attempt = delivery.outcome == Outcome.SNOOZE ? 0 : 1 << delivery.attempt;
    boolean last = delivery.isLast() && (!leasesEnd || delivery.isDone());
    if ((before & attempt) != 0 && !leasesEnd) {
      fault("a second time", delivery);
    }
    if (last && (before & FINISHED) != 0) {
      fault("finished a second time", delivery);
    }
    seen.put(key, before | attempt | (last ? FINISHED : 0));
  }

  private void fault(String what, Delivery delivery) {
    report.fault(
        "delivered in run "
            + run
            + " as attempt "
            + delivery.attempt
            + ", but "
            + what
            + ": "
            + Plan.name(delivery.key));
  }

  private void apply(Delivery delivery, long diedMillis) {
    long key = delivery.key;
    known.set(key, Known.DELIVERED);
    if (end != End.MACHINE_DEATH || Plan.run(key) != run) {
      // It was in the ring, which survives the process; or an earlier run had left it, and what
      // recovery finds is forced before it is delivered.
      known.set(key, Known.PROMISED);
    }
    if (delivery.late) {
      return;
    }
    boolean done = delivery.isDone();
    boolean settled = end == End.CLOSED || (done && delivery.doneMillis < logs.flushedMillis);
    if (delivery.outcome == Outcome.ACK) {
      known.set(key, settled ? Known.ACKED | Known.SETTLED : Known.ACKED);
      known.ackedBefore(key, done ? Math.max(0, diedMillis - delivery.doneMillis) : -1);
    } else if (delivery.isDeath()) {
      boolean dead = settled || (done && end == End.PROCESS_DEATH && !logs.failed);
      known.set(key, dead ? Known.DYING | Known.DEAD : Known.DYING);
    } else if (delivery.outcome == Outcome.RETRY && settled) {
      known.atLeast(key, delivery.attempt + 1);
    }
  }
}
