package dev.bobbin.internal.watch;

import dev.bobbin.QueueStatus.ErrorKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The most frequent errors. Errors are of one kind if their first lines agree once numbers are
 * taken out. Invariant 9: at most {@link #MAX_KINDS} kinds are kept; when they are taken, the kind
 * that has not come for longest gives way if it has not come for {@link #STALE_MILLIS}, and
 * otherwise the newcomer is counted among the others. Guarded by itself.
 */
public final class ErrorTable {
  static final int MAX_KINDS = 32;
  static final long STALE_MILLIS = 60_000;

  private final Map<String, Row> rows = new HashMap<>();
  private long others;
  private long turnedNanos;

  /** While the table is full: no kind is stale before this time. */
  private long fullUntilMillis = Long.MIN_VALUE;

  ErrorTable() {}

  private static final class Row {
    final String kind;
    long count;
    long lastMillis;

    /** Since the last turn, and from the one before to that. */
    long now;

    long before;

    Row(String kind) {
      this.kind = kind;
    }

    long recent() {
      return now + before;
    }
  }

  /** Counts {@code count} failures whose error was {@code text}. */
  public void add(String text, int count, long nowMillis) {
    String kind = ErrorText.kind(text);
    synchronized (this) {
      Row row = rows.get(kind);
      if (row == null && makeRoom(nowMillis)) {
        row = new Row(kind);
        rows.put(kind, row);
      }
      if (row == null) {
        others += count;
        return;
      }
      row.count += count;
      row.now += count;
      row.lastMillis = nowMillis;
    }
  }

  private boolean makeRoom(long nowMillis) {
    if (rows.size() < MAX_KINDS) {
      return true;
    }
    if (nowMillis < fullUntilMillis) {
      return false;
    }
    Row oldest = Collections.min(rows.values(), Comparator.comparingLong(row -> row.lastMillis));
    if (nowMillis - oldest.lastMillis < STALE_MILLIS) {
      fullUntilMillis = oldest.lastMillis + STALE_MILLIS;
      return false;
    }
    rows.remove(oldest.kind);
    others += oldest.count;
    return true;
  }

  /** Forgets what was frequent more than two turns ago. */
  synchronized void turn(long nowNanos) {
    long age = nowNanos - turnedNanos;
    if (age >= Timing.TURN_NANOS || age < 0) {
      for (Row row : rows.values()) {
        row.before = age < 2 * Timing.TURN_NANOS ? row.now : 0;
        row.now = 0;
      }
      turnedNanos = nowNanos;
    }
  }

  /** The kind that came most often in the last 15 to 30 seconds, or null. */
  synchronized @Nullable String mostFrequent() {
    return rows.values().stream()
        .filter(row -> row.recent() > 0)
        .max(Comparator.comparingLong(Row::recent))
        .map(row -> row.kind)
        .orElse(null);
  }

  /** All kinds, most frequent first. */
  synchronized List<ErrorKind> kinds() {
    List<ErrorKind> kinds = new ArrayList<>(rows.size());
    for (Row row : rows.values()) {
      kinds.add(new ErrorKind(row.kind, row.count, Instant.ofEpochMilli(row.lastMillis)));
    }
    kinds.sort(Comparator.comparingLong(ErrorKind::count).reversed());
    return kinds;
  }

  synchronized long others() {
    return others;
  }
}
