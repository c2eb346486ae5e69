package dev.bobbin.torture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign did and what it found. Figures are in the order in which they were first counted;
 * the first twenty faults are kept in words, all are counted. Safe for use by many threads.
 */
public final class Report {
  private static final int KEPT = 20;

  private final Map<String, Long> figures = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long faultCount;
  private @Nullable String skipped;

  /** A report that says why the campaign cannot be run here. */
  public static Report skipped(String reason) {
    Report report = new Report();
    report.skipped = reason;
    return report;
  }

  /** Adds to the figure that is called {@code what}. */
  public synchronized void count(String what, long by) {
    figures.merge(what, by, Long::sum);
  }

  public void count(String what) {
    count(what, 1);
  }

  /** Raises the figure that is called {@code what} to {@code value} if it is smaller. */
  public synchronized void max(String what, long value) {
    figures.merge(what, value, Long::max);
  }

  /** Adds a fault: something that must never be. */
  public synchronized void fault(String what) {
    faultCount++;
    if (faults.size() < KEPT) {
      faults.add(what);
    }
  }

  public synchronized long figure(String what) {
    return figures.getOrDefault(what, 0L);
  }

  public synchronized boolean isClean() {
    return faultCount == 0;
  }

  public synchronized List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    if (faultCount > faults.size()) {
      all.add((faultCount - faults.size()) + " more");
    }
    return all;
  }

  public synchronized Optional<String> skipped() {
    return Optional.ofNullable(skipped);
  }

  /** The figures in one line. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    figures.forEach(
        (what, count) -> text.append(String.format(Locale.ROOT, "%s %,d, ", what, count)));
    return text.append(String.format(Locale.ROOT, "faults %,d", faultCount)).toString();
  }
}
