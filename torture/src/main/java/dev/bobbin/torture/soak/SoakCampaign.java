package dev.bobbin.torture.soak;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Row 13: mixed load in one process, then over restarts, and nothing grows. */
@Command(
    name = "soak",
    description = {
      "Mixed load on three queues of 1 MiB rings and segments: retries, snoozes, delays, priorities, headers,"
          + " deduplication keys, times to live, leases left to end, dead letters retried and purged, pauses.",
      "Two thirds of the time in one process that closes and opens again; then in many, half of them killed."
    })
public final class SoakCampaign extends Campaign {
  private static final long FULL_MINUTES = 60;
  private static final long MIN_LAPS = 200;
  private static final long MIN_RECYCLES = 50;
  private static final int MIN_RESTARTS = 2;

  @Option(
      names = "--minutes",
      defaultValue = "60",
      description = "How long, fractions included; default: ${DEFAULT-VALUE}.")
  double minutes;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Jobs per second and queue; default: ${DEFAULT-VALUE}.")
  int rate;

  @Option(names = "--directory", description = "Where the queues are; default: a temporary one.")
  @Nullable Path directory;

  @Option(names = "--csv", description = "Write the samples to this file.")
  @Nullable Path csv;

  @Option(names = "--plot", description = "Draw the samples into this PNG file.")
  @Nullable Path plot;

  @Override
  protected Report run(long seed) throws Exception {
    if (directory != null) {
      return soak(seed, directory);
    }
    Path data = Files.createTempDirectory("bobbin-soak");
    try {
      return soak(seed, data);
    } finally {
      delete(data);
    }
  }

  private Report soak(long seed, Path data) throws Exception {
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    long millis = (long) (minutes * 60_000);
    long sampleMillis = Math.max(500, Math.min(5_000, millis / 400));
    Ledger ledger = new Ledger(seed, report);
    Samples samples = new Samples();
    SegmentWatch watch = new SegmentWatch();
    Processes processes =
        new Processes(
            new Processes.Setup(data, seed, rate, sampleMillis), report, ledger, samples, watch);
    long end = System.nanoTime() + millis * 1_000_000;
    // Some ten openings in the first process; then processes of a third of a minute.
    processes.run(millis * 2 / 3, Math.max(2_000, millis / 16), false);
    boolean kill = false;
    long life = Math.max(1_000, Math.min(20_000, millis / 12));
    for (int i = 0; report.isClean() && (i < MIN_RESTARTS || System.nanoTime() - end < 0); i++) {
      kill = !kill;
      processes.run(life / 2 + random.nextLong(life), Long.MAX_VALUE / 2_000_000, kill);
    }
    if (report.isClean()) {
      processes.drain();
    }
    if (report.isClean()) {
      checkEnd(data, ledger, report);
    }
    long laps =
        IntStream.range(0, Load.QUEUES.size())
            .mapToLong(queue -> ledger.bytes(queue) / Load.RING_BYTES)
            .min()
            .orElse(0);
    report.count("laps of each ring", laps);
    report.count("segments used", watch.uses());
    report.count("recycles seen", watch.recyclesSeen());
    report.count("samples", samples.all().size());
    samples.risesWithin(1).forEach(report::fault);
    samples.risesAfter(1).forEach(report::fault);
    if (minutes >= FULL_MINUTES && (laps < MIN_LAPS || watch.recyclesSeen() < MIN_RECYCLES)) {
      report.fault("too little load: " + laps + " laps, " + watch.recyclesSeen() + " recycles");
    }
    if (csv != null) {
      samples.writeCsv(csv);
    }
    if (plot != null) {
      Plot.write(samples, plot);
    }
    return report;
  }

  /** Everything was drained and closed in order: what is there now is what is left. */
  private static void checkEnd(Path data, Ledger ledger, Report report) {
    try (Bobbin bobbin = Bobbin.open(data)) {
      for (String name : Load.QUEUES) {
        JobQueue<byte[]> queue = bobbin.queue(name, Codec.bytes(), Load.options(0, false));
        if (!queue.recovery().cleanlyClosed() || queue.recovery().unfinished() != 0) {
          report.fault("queue " + name + " was drained and closed, found " + queue.recovery());
        }
        queue.deadLetters().forEach(ledger::checkLetter);
      }
    }
    ledger.checkEnd();
  }

  private static void delete(Path data) throws IOException {
    try (Stream<Path> tree = Files.walk(data)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
