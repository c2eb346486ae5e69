package dev.bobbin.torture.disk;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.Watchdog;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Row 4, at the storage seam: one operation of a short scenario fails, or all from one on, with
 * each error that systems give. The calls must say so, and the healed disk must hold what was
 * promised.
 */
@Command(
    name = "errors",
    description = "EIO, ENOSPC and EMFILE at the Nth operation of the disk, once and from then on.")
public final class ErrorsCampaign extends Campaign {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final Duration SILENCE = Duration.ofMinutes(3);

  @Option(names = "--scenarios", paramLabel = "N", description = "Runs to disturb; 100 if absent.")
  int scenarios = 100;

  @Option(
      names = "--reads",
      paramLabel = "N",
      description = "Of the reads only each Nth one fails; 16 if absent. All others do.")
  int reads = 16;

  @Option(
      names = "--only",
      paramLabel = "N",
      description = "Of all scenarios only this one, 0 for the first.")
  int only = -1;

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    SplittableRandom seeds = new SplittableRandom(seed);
    long[] own = seeds.longs(scenarios).toArray();
    try (Watchdog watchdog = new Watchdog(report, SILENCE)) {
      watchdog.begin();
      Crew.each(
          scenarios,
          i -> {
            if (only < 0 || only == i) {
              new ErrorsScenario(own[i], i, reads, report).run();
            }
          });
    }
    awaitThreads(report);
    return report;
  }

  /** All queues are closed or have failed to open, so nothing of them may be left. */
  private static void awaitThreads(Report report) throws InterruptedException {
    long began = System.nanoTime();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("bobbin-")) {
        long left = PATIENCE_NANOS - (System.nanoTime() - began);
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        if (thread.isAlive()) {
          report.fault("thread " + thread.getName() + " has outlived its queues");
        }
      }
    }
  }
}
