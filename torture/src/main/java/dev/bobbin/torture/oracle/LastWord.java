package dev.bobbin.torture.oracle;

import dev.bobbin.DeadLetter;
import dev.bobbin.torture.Report;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must hold when every job has ended: each was acked, or is among the dead letters with the
 * reason that its own handler gave.
 */
final class LastWord {
  private final Plan plan;
  private final Known known;
  private final Report report;
  private final Map<Long, DeadLetter> dead = new HashMap<>();

  LastWord(Plan plan, Known known, Report report) {
    this.plan = plan;
    this.known = known;
    this.report = report;
  }

  void check(List<DeadLetter> letters) {
    report.count("dead letters", letters.size());
    letters.forEach(this::checkLetter);
    known.forEach(this::checkJob);
  }

  private void checkLetter(DeadLetter letter) {
    byte[] payload = letter.payload();
    long key = Plan.key(payload, payload.length);
    // A dead letter does not show its priority.
    int print = Plan.print(payload, payload.length, letter.headers(), plan.options(key).priority());
    Bytes.check(plan, known, report, key, print, payload.length);
    if (dead.put(key, letter) != null) {
      report.fault("two dead letters: " + Plan.name(key));
    }
    if (!known.is(key, Known.DYING)) {
      report.fault(
          "a dead letter that nobody rejected, " + letter.reason() + ": " + Plan.name(key));
    } else if (!letter.reason().contains(Plan.reason(key))
        && !letter.reason().contains(Plan.BATCH_REASON)) {
      report.fault(
          "a dead letter with another's reason, " + letter.reason() + ": " + Plan.name(key));
    }
  }

  private void checkJob(long key) {
    boolean ended = known.is(key, Known.ACKED) || dead.containsKey(key);
    if (known.is(key, Known.PROMISED) && !ended) {
      report.count("lost");
      boolean begun = known.is(key, Known.DELIVERED);
      report.fault((begun ? "lost after its first delivery: " : "lost: ") + Plan.name(key));
    }
    if (known.is(key, Known.DEAD) && !dead.containsKey(key)) {
      report.fault("no longer among the dead letters: " + Plan.name(key));
    }
  }
}
