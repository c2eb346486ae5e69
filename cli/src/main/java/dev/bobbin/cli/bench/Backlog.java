package dev.bobbin.cli.bench;

import static dev.bobbin.cli.bench.Child.number;

import dev.bobbin.cli.bench.probe.BacklogProbe;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Many more jobs than the ring or the heap holds: filled, reopened and drained. */
record Backlog(String name, String what) implements Row {
  private static final long JOBS = 20_000_000;
  private static final int HEAP_MIB = 64;
  private static final double DRAIN_TARGET = 3e6;
  private static final double REOPEN_SECONDS = 5;

  @Override
  public Result measure(Lab lab) throws Exception {
    long jobs = lab.count(JOBS);
    Map<String, Object> found;
    try (Lab.Folder folder = lab.folder()) {
      Path directory = folder.path().resolve("bobbin");
      found = Child.run(BacklogProbe.class, HEAP_MIB, directory, jobs);
    }
    double drained = number(found, "drainJobsPerSecond");
    double reopened = number(found, "reopenSeconds");
    return new Result(
        name,
        Spread.of(drained),
        String.format(
            Locale.ROOT,
            "%.1f million jobs drained at %.1f million jobs/s; reopened in %.2f s; filled at %.1f"
                + " million jobs/s; -Xmx%dm",
            jobs / 1e6,
            drained / 1e6,
            reopened,
            number(found, "fillJobsPerSecond") / 1e6,
            HEAP_MIB),
        "3 million jobs/s, reopened in 5 s, -Xmx64m",
        drained >= DRAIN_TARGET && reopened < REOPEN_SECONDS,
        found);
  }
}
