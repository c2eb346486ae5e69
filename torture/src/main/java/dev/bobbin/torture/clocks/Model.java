package dev.bobbin.torture.clocks;

import dev.bobbin.torture.Report;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each job may do at a time of the wall clock. The rule: a job with a due time is handed out
 * when the wall clock says so or later, and never before; set back, the clock makes it wait again,
 * unless it was due once and waits in memory for a taker already. A job of normal priority without
 * a delay does not look at the clock; one of another priority is due when it was submitted.
 */
final class Model {
  static final long NEVER = Long.MAX_VALUE;
  static final long ALWAYS = Long.MIN_VALUE;

  private final Report report;
  private final Map<Long, Entry> jobs = new TreeMap<>();
  private long next;

  static final class Entry {
    /** As it is on disk. */
    long due = ALWAYS;

    /** After it, the job is not worth starting. */
    long expiry = NEVER;

    boolean held;
    boolean acked;

    /** It was too late at some time, and is a dead letter if anybody looked. */
    boolean mayBeDead;

    /** It was due once since the queue was opened. */
    boolean wasDue;

    /** Somebody had it since the queue was opened, and gave it back as it is. */
    boolean handedBack;
  }

  Model(Report report) {
    this.report = report;
  }

  long add(long due, long expiry) {
    Entry entry = new Entry();
    entry.due = due;
    entry.expiry = expiry;
    jobs.put(next, entry);
    return next++;
  }

  /** The job that was added last was not accepted. */
  void forget(long number) {
    jobs.remove(number);
  }

  Entry get(long number) {
    Entry entry = jobs.get(number);
    if (entry == null) {
      throw new IllegalStateException("a job that nobody submitted: " + number);
    }
    return entry;
  }

  /** The wall clock says {@code now}, and the queue has seen it. */
  void clock(long now) {
    for (Entry entry : jobs.values()) {
      if (!entry.held && !entry.acked) {
        entry.wasDue |= entry.due <= now;
        entry.mayBeDead |= entry.expiry < now && entry.wasDue;
      }
    }
  }

  /** Jobs that a taker must get at {@code now}. */
  long required(long now) {
    return jobs.values().stream()
        .filter(entry -> !entry.held && !entry.acked && !entry.mayBeDead)
        .filter(entry -> entry.due <= now || entry.handedBack)
        .count();
  }

  /** Somebody got the job. */
  Entry delivered(long number, long now) {
    Entry entry = get(number);
    report.count("deliveries");
    if (entry.held || entry.acked) {
      report.fault("job " + number + " was delivered while somebody had it, or after its ack");
    }
    if (entry.due > now && !entry.wasDue && !entry.handedBack) {
      report.fault("job " + number + " came " + (entry.due - now) + " ms before it was due");
    }
    if (entry.expiry < now) {
      report.fault("job " + number + " came " + (now - entry.expiry) + " ms after its time");
    }
    entry.held = true;
    return entry;
  }

  /** What it was held for is over, and it is put off. */
  void putOff(Entry entry, long due) {
    entry.held = false;
    entry.due = due;
    entry.wasDue = false;
    entry.handedBack = false;
    // One that would come back too late is set aside at once.
    entry.mayBeDead |= due >= entry.expiry;
  }

  void handBack(Entry entry) {
    entry.held = false;
    entry.handedBack = true;
  }

  void restarted() {
    for (Entry entry : jobs.values()) {
      entry.held = false;
      entry.handedBack = false;
      entry.wasDue = false;
    }
  }

  /** Every job was acked, or is one of the dead and was too late. */
  void checkEnd(Iterable<Long> dead) {
    Map<Long, Entry> left = new TreeMap<>(jobs);
    left.values().removeIf(entry -> entry.acked);
    for (long number : dead) {
      Entry entry = left.remove(number);
      if (entry == null || !entry.mayBeDead) {
        report.fault("job " + number + " is a dead letter, and was never too late");
      }
    }
    if (!left.isEmpty()) {
      report.fault(left.size() + " jobs are gone: " + left.keySet());
    }
  }
}
