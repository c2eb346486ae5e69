package dev.bobbin.cli.bench;

import static dev.bobbin.cli.bench.Child.number;

import dev.bobbin.cli.bench.probe.DelayedProbe;
import java.util.Locale;
import java.util.Map;

/** Many delayed jobs: their memory, their lateness, their order. */
record Delayed(String name, String what) implements Row {
  private static final long JOBS = 10_000_000;
  private static final int HEAP_MIB = 512;
  private static final double MOST_BYTES = 24;
  private static final double MOST_LATE_MILLIS = 10;

  @Override
  public Result measure(Lab lab) throws Exception {
    long jobs = lab.count(JOBS);
    Map<String, Object> found;
    try (Lab.Folder folder = lab.folder()) {
      found = Child.run(DelayedProbe.class, HEAP_MIB, folder.path().resolve("bobbin"), jobs);
    }
    double bytes = number(found, "bytesPerJob");
    double late = number(found, "lateMillisP99");
    double wrong = number(found, "early") + number(found, "outOfOrder");
    return new Result(
        name,
        Spread.of(0),
        String.format(
            Locale.ROOT,
            "%.1f million jobs: %.1f bytes each; late p50 %.0f, p99 %.0f, p99.9 %.0f, max %.0f ms; %.0f early or"
                + " out of order",
            jobs / 1e6,
            bytes,
            number(found, "lateMillisP50"),
            late,
            number(found, "lateMillisP999"),
            number(found, "lateMillisMax"),
            wrong),
        "at most 24 bytes each, p99 within 10 ms, in order",
        // Few jobs do not outweigh what a queue has anyhow.
        (bytes <= MOST_BYTES || jobs < JOBS) && late <= MOST_LATE_MILLIS && wrong == 0,
        found);
  }
}
