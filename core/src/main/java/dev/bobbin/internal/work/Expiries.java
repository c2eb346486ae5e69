package dev.bobbin.internal.work;

import dev.bobbin.internal.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Invariant 11: leases are monotonic. The times at which they end, for the thread that keeps the
 * time: it calls {@link #expire} when the next one has come. Thread-safe; the monitor is held for a
 * step of the tree only.
 *
 * <p>Invariant 9: there is one entry for each lease that holds jobs, and those share the bytes that
 * may be in hand; and one for each group of workers.
 */
public final class Expiries {
  /** Something that ends. Called without a lock. */
  interface Watched {
    /** Ends what has ended; returns when to come back, or {@link Ticks#NEVER}. */
    long expire(long now);

    /** The queue has closed: nobody settles anything any more. */
    void revoke();
  }

  /** One time to be kept. */
  static final class Entry {
    private final long deadline;
    private final long number;
    private final Watched watched;

    private Entry(long deadline, long number, Watched watched) {
      this.deadline = deadline;
      this.number = number;
      this.watched = watched;
    }

    long deadline() {
      return deadline;
    }
  }

  private final Runnable earlier;
  private final Time time;

  /** Guarded by this object's monitor. */
  private final TreeSet<Entry> entries =
      new TreeSet<>(
          Comparator.comparingLong((Entry entry) -> entry.deadline)
              .thenComparingLong(entry -> entry.number));

  private long numbers;
  private boolean closed;

  /** The first deadline. Written with the monitor, read without it by the timing thread. */
  private volatile long next = Ticks.NEVER;

  /** {@code earlier} is run when something ends before everything else, without a lock. */
  Expiries(Time time, Runnable earlier) {
    this.time = time;
    this.earlier = earlier;
  }

  Entry add(long deadline, Watched watched) {
    Entry entry;
    boolean first;
    boolean late;
    synchronized (this) {
      entry = new Entry(deadline, numbers++, watched);
      late = closed;
      first = !late && deadline < next;
      if (!late) {
        entries.add(entry);
        next = entries.first().deadline;
      }
    }
    if (late) {
      watched.revoke();
    } else if (first) {
      earlier.run();
    }
    return entry;
  }

  synchronized void remove(Entry entry) {
    if (entries.remove(entry)) {
      next = entries.isEmpty() ? Ticks.NEVER : entries.first().deadline;
    }
  }

  /**
   * Ends what is due; returns for how many nanoseconds nothing more is, {@link Long#MAX_VALUE} for
   * never. For one thread at a time.
   */
  public long expire() {
    long now = time.nanos();
    for (Entry due = poll(now); due != null; due = poll(now)) {
      long again = due.watched.expire(now);
      if (again != Ticks.NEVER) {
        add(again, due.watched);
      }
    }
    long first = next;
    return first == Ticks.NEVER ? Long.MAX_VALUE : Math.max(0, first - now);
  }

  private @Nullable Entry poll(long now) {
    if (next > now) {
      return null;
    }
    synchronized (this) {
      if (entries.isEmpty() || entries.first().deadline > now) {
        return null;
      }
      Entry due = entries.pollFirst();
      next = entries.isEmpty() ? Ticks.NEVER : entries.first().deadline;
      return due;
    }
  }

  /** Ends everything, now and in future. */
  void close() {
    List<Entry> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(entries);
      entries.clear();
      next = Ticks.NEVER;
    }
    for (Entry entry : all) {
      entry.watched.revoke();
    }
  }

  /** How many there are. */
  synchronized int size() {
    return entries.size();
  }
}
