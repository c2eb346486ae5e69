package dev.bobbin.torture.interrupts;

import dev.bobbin.torture.Report;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was offered to one queue and what became of it. An accepted job ends once: finished by a
 * worker or a lease, dead, or purged. Nothing crashes here, so a job that was finished must not be
 * delivered again. Thread-safe.
 */
final class Ledger {
  private static final int LONGEST = 900;

  /** Most jobs of a batch. */
  static final int BATCH = 8;

  private final Report report;
  private final Map<Long, Entry> entries = new HashMap<>();

  /** What each thread has finished last, as much as it may have in hand. */
  private final Map<Thread, ArrayDeque<Entry>> latest = new HashMap<>();

  /** In which life of the queue each thread got its last job. */
  private final Map<Thread, Integer> began = new HashMap<>();

  /** Grows with each close: a handler that began before one may go on after it. */
  private int life;

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
    private @Nullable Thread holder;
    private boolean finished;

    /** It was finished, but perhaps not settled when a close with a bound took it away. */
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
    if (entry.holder != null) {
      report.fault("a job was refused and delivered: " + number(payload));
    }
  }

  /** A worker or a taker sees the job. */
  synchronized void delivered(String payload) {
    Entry entry = entry(payload);
    entry.holder = Thread.currentThread();
    began.put(Thread.currentThread(), life);
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
    Thread self = Thread.currentThread();
    boolean outlived = began.getOrDefault(self, life) != life;
    if (outlived && entry.holder != self) {
      report.count("handlers that outlived their queue");
      return;
    }
    if (entry.finished) {
      report.fault("a job was finished twice: " + number(payload));
    }
    entry.finished = true;
    entry.doubtful = closing || outlived;
    ArrayDeque<Entry> own = latest.computeIfAbsent(self, thread -> new ArrayDeque<>());
    own.add(entry);
    if (own.size() > BATCH) {
      own.remove();
    }
  }

  /**
   * Handlers that end from now on may have had their jobs taken away.
   *
   * @param atOnce whether nobody waits for handlers: then a thread that is held up before it
   *     settles its batch has that taken away, too
   */
  synchronized void closing(boolean atOnce) {
    closing = true;
    life++;
    if (atOnce) {
      latest.values().forEach(own -> own.forEach(entry -> entry.doubtful = true));
    }
    latest.clear();
  }

  /** The queue is open again. */
  synchronized void opened() {
    closing = false;
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
