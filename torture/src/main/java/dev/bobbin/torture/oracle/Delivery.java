package dev.bobbin.torture.oracle;

import dev.bobbin.torture.oracle.Plan.Outcome;

/** One delivery of a job, as its handler told of it. */
final class Delivery {
  final long key;
  final int attempt;
  final Outcome outcome;
  final long millis;
  final int print;
  final int size;

  /** When the outcome was known to be carried out; 0: it may have come to nothing. */
  long doneMillis;

  /** The outcome came too late and was refused. */
  boolean late;

  Delivery(Log.Entry entry) {
    key = entry.key();
    attempt = entry.attempt();
    outcome = Outcome.of(entry.detail());
    millis = entry.millis();
    print = entry.print();
    size = entry.size();
  }

  boolean isDone() {
    return doneMillis != 0;
  }

  /** Whether the job becomes a dead letter by it. */
  boolean isDeath() {
    return outcome == Outcome.REJECT
        || (outcome == Outcome.RETRY && attempt >= Plan.RETRIES.maxAttempts());
  }

  /** Whether nothing of the job comes after it but, perhaps, its dead letter. */
  boolean isLast() {
    return outcome == Outcome.ACK || isDeath();
  }
}
