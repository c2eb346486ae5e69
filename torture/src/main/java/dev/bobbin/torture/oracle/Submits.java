package dev.bobbin.torture.oracle;

import dev.bobbin.Refusal;
import dev.bobbin.torture.Report;
import java.util.List;

/** Takes in what producers did: which jobs there are, and which of them are promised. */
final class Submits {
  private static final Refusal[] REFUSALS = Refusal.values();

  private final Plan plan;
  private final Known known;
  private final Report report;

  Submits(Plan plan, Known known, Report report) {
    this.plan = plan;
    this.known = known;
    this.report = report;
  }

  void take(RunLogs logs, End end) {
    for (List<Log.Entry> producer : logs.producers) {
      List<Log.Entry> jobs = producer.stream().filter(e -> e.type() <= Log.REFUSED).toList();
      if (!jobs.isEmpty()) {
        known.add(jobs.get(0).key(), jobs.size());
      }
      jobs.forEach(this::submitted);
      promise(producer, end, logs.durableMillis);
    }
  }

  private void submitted(Log.Entry entry) {
    long key = entry.key();
    known.set(key, Known.INTENDED);
    int delay = plan.delayMillis(key);
    if (delay > 0) {
      known.dueMillis.put(key, entry.millis() + delay);
    }
    if (entry.type() == Log.ACCEPTED) {
      report.count("accepted");
      if (entry.detail() == Log.AFTER_FAILURE) {
        report.fault("accepted, though the queue had failed: " + Plan.name(key));
      }
    } else if (entry.type() == Log.REFUSED) {
      refused(key, entry.detail());
    }
  }

  private void refused(long key, int reason) {
    if (reason == 0) {
      report.fault("refused without a reason: " + Plan.name(key));
      return;
    }
    Refusal refusal = REFUSALS[reason - 1];
    report.count("refused " + refusal);
    if (refusal != Refusal.FAILED) {
      // A submit that failed may have come as far as the ring.
      known.set(key, Known.REFUSED);
    }
  }

  private void promise(List<Log.Entry> producer, End end, long durableMillis) {
    boolean synced = false;
    for (int i = producer.size() - 1; i >= 0; i--) {
      Log.Entry entry = producer.get(i);
      if (entry.type() == Log.SYNCED) {
        synced = true;
      } else if (entry.type() == Log.ACCEPTED) {
        long acceptedMillis = entry.millis() + entry.print();
        if (end != End.MACHINE_DEATH || synced || acceptedMillis < durableMillis) {
          known.set(entry.key(), Known.PROMISED);
          report.count("promised");
        }
      }
    }
  }
}
