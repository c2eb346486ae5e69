package dev.bobbin.torture.oracle;

import dev.bobbin.DeadLetter;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Knows what must be left of the jobs of one directory, from what the children that worked on it
 * wrote down before they ended. It lives in the campaign's process, which nobody kills.
 *
 * <p>A delivery was written down before its outcome was given, so the outcome may have come to
 * nothing; one that a later record covers was carried out.
 */
public final class Oracle {
  private final Report report;
  private final Plan plan;
  private final Known known = new Known();
  private boolean leasesEnd;
  private boolean failuresExpected;

  /**
   * @param report where faults go, and the figures
   */
  public Oracle(long seed, Report report) {
    this.plan = new Plan(seed);
    this.report = report;
    report.count("lost", 0);
  }

  /** Leases may end from now on while their holders live: an attempt may be delivered twice. */
  public void leasesEnd() {
    leasesEnd = true;
  }

  /** The queue may stop after an error from now on; else that is a fault. */
  public void expectFailures() {
    failuresExpected = true;
  }

  /** Takes in what run {@code run} has written down in {@code logs}, and deletes it. */
  public void take(Path logs, int run, End end) throws IOException {
    long endedMillis = System.currentTimeMillis();
    RunLogs read = RunLogs.read(logs, run);
    if (read.failed) {
      report.count("runs that failed");
      if (!failuresExpected) {
        report.fault("the queue stopped after an error in run " + run);
      }
    }
    new Submits(plan, known, report).take(read, end);
    new Deliveries(plan, known, report, read, run, end, leasesEnd).take(endedMillis);
  }

  /** The last word, when a queue was worked off and closed: {@code letters} are all there are. */
  public void takeLast(List<DeadLetter> letters) {
    new LastWord(plan, known, report).check(letters);
  }
}
