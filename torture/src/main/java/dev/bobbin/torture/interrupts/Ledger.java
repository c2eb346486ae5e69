package dev.bobbin.torture.interrupts;

import dev.bobbin.torture.Report;
import java.util.HashMap;
import java.util.Map;

/**
 * What was offered to one queue and what became of it. An accepted job ends once: finished by a
 * worker or a lease, dead, or purged. Nothing crashes here, so a job that was finished must not be
 * delivered again. Thread-safe.
 */
final class Ledger {
  private static final int LONGEST = 900;

  private final Report report;
  private final Map<Long, Entry> entries = new HashMap<>();
  private long offered;
  private long purged;
  private boolean closing;

  private enum Fate {
    OFFERED,
    ACCEPTED,
    REFUSED
  }

  private static final class Entry {
    /** Bytes after the number. */
    private final int padding;

    private Fate fate = Fate.OFFERED;
    private boolean delivered;
    private boolean finished;

    /** It was finished while the queue closed with a bound, which may have been over by then. */
    private boolean doubtful;

    Entry(int padding) {
      this.padding = padding;
    }
  }

  Ledger(Report report) {
    this.report = report;
  }

  /** The payload of a job that is about to be submitted. */
  String offer() {
    return offer(LONGEST);
  }

  /** As {@link #offer()}, with a payload that takes up hardly any room. */
  String offerSmall() {
    return offer(1);
  }

  private synchronized String offer(int longest) {
    long number = offered++;
    Entry entry = new Entry((int) (number * 31 % longest));
    entries.put(number, entry);
    return payload(number, entry);
  }

  private static String payload(long number, Entry entry) {
    return number + ":" + "x".repeat(entry.padding);
  }

  static long number(String payload) {
    return Long.parseLong(payload.substring(0, payload.indexOf(':')));
  }

  synchronized void accepted(String payload) {
    entry(payload).fate = Fate.ACCEPTED;
    report.count("jobs accepted");
  }

  synchronized void refused(String payload) {
    Entry entry = entry(payload);
    entry.fate = Fate.REFUSED;
    report.count("jobs refused");
    if (entry.delivered) {
      report.fault("a job was refused and delivered: " + number(payload));
    }
  }

  /** A worker or a taker sees the job. */
  synchronized void delivered(String payload) {
    Entry entry = entry(payload);
    entry.delivered = true;
    report.count("deliveries");
    if (!payload.equals(payload(number(payload), entry))) {
      report.fault("a job's bytes are not those that were submitted: " + payload);
    }
    if (entry.fate == Fate.REFUSED) {
      report.fault("a refused job was delivered: " + number(payload));
    }
    if (entry.finished && !entry.doubtful) {
      report.fault("a finished job was delivered again: " + number(payload));
    }
    entry.finished = false;
  }

  synchronized void finished(String payload) {
    Entry entry = entry(payload);
    if (entry.finished) {
      report.fault("a job was finished twice: " + number(payload));
    }
    entry.finished = true;
    entry.doubtful = closing;
  }

  /** Whether handlers that end now may have had their jobs taken away. */
  synchronized void closing(boolean now) {
    closing = now;
  }

  synchronized void purged(long count) {
    purged += count;
  }

  private Entry entry(String payload) {
    Entry entry = entries.get(number(payload));
    if (entry == null) {
      report.fault("a job that nobody submitted: " + payload);
      return new Entry(0);
    }
    return entry;
  }

  /** Nothing is left but dead letters, which are {@code dead}. */
  synchronized void checkAllEnded(Iterable<String> dead, String where) {
    Map<Long, Entry> missing = new HashMap<>();
    entries.forEach(
        (number, entry) -> {
          if (entry.fate == Fate.OFFERED) {
            report.fault(where + ": a submit ended without a result: " + number);
          } else if (entry.fate == Fate.ACCEPTED && !entry.finished) {
            missing.put(number, entry);
          }
        });
    for (String payload : dead) {
      if (missing.remove(number(payload)) == null) {
        report.fault(where + ": a dead letter of a job that had ended: " + number(payload));
      }
    }
    if (missing.size() != purged) {
      report.fault(
          "%s: %d accepted jobs are gone and %d were purged: some of %s"
              .formatted(where, missing.size(), purged, missing.keySet()));
    }
  }
}
