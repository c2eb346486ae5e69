package dev.bobbin.cli.bench;

import static dev.bobbin.cli.bench.Child.number;

import dev.bobbin.cli.bench.probe.ManyQueuesProbe;
import java.util.Locale;
import java.util.Map;

/** Threads, processor time and memory of many idle queues. */
record ManyQueues(String name, String what) implements Row {
  private static final long QUEUES = 1_000;
  private static final int HEAP_MIB = 128;
  private static final double SECONDS = 10;
  private static final int MOST_THREADS = 4;
  private static final double MOST_PERCENT = 1;
  private static final double MOST_BYTES = 512L << 20;

  @Override
  public Result measure(Lab lab) throws Exception {
    long queues = Math.max(2, lab.count(QUEUES * 1_000) / 1_000);
    Map<String, Object> found;
    try (Lab.Folder folder = lab.folder()) {
      found =
          Child.run(
              ManyQueuesProbe.class,
              HEAP_MIB,
              folder.path().resolve("bobbin"),
              queues,
              lab.nanos(SECONDS) / 1_000_000);
    }
    double threads = number(found, "libraryThreads");
    double percent = number(found, "cpuPercent");
    double bytes = number(found, "residentBytes");
    return new Result(
        name,
        Spread.of(0),
        String.format(
            Locale.ROOT,
            "%,d queues: %.0f threads, %.2f %% of a core, %.0f MiB resident",
            queues,
            threads,
            percent,
            bytes / (1 << 20)),
        "at most 4 threads, under 1 % of a core, under 512 MiB",
        threads <= MOST_THREADS && percent < MOST_PERCENT && bytes < MOST_BYTES,
        found);
  }
}
