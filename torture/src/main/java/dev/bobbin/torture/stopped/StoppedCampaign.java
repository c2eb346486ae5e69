package dev.bobbin.torture.stopped;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildException;
import dev.bobbin.torture.child.ChildProcess;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.child.Trees;
import dev.bobbin.torture.oracle.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/**
 * {@code SIGSTOP} of a real process while its workers and takers hold jobs, for longer than their
 * leases last, and {@code SIGCONT}. What they held goes to others when it wakes, and the outcomes
 * that the first holders give then are refused and counted. Now and then the process is killed
 * while it is stopped, or when it has woken.
 */
@Command(
    name = "stopped",
    description = "Stops a real process beyond its leases; late outcomes must change nothing.")
public final class StoppedCampaign extends Campaign {
  private static final int STOPS_PER_CHILD = 5;
  private static final int CHILDREN_PER_DIRECTORY = 4;
  private static final int LEASE_MILLIS = 200;
  private static final int HOLD_MILLIS = 40;

  /** With so many stops some must have found a lease. */
  private static final int STOPS_TO_FIND_ONE = 50;

  private static final Pattern CLOSED = Pattern.compile("closed late (\\d+) lost (\\d+)");

  @Option(
      names = "--stops",
      paramLabel = "N",
      description = "How many.",
      defaultValue = "200",
      showDefaultValue = Visibility.ALWAYS)
  int stops;

  @Override
  protected Report run(long seed) throws Exception {
    if (!Files.isExecutable(Path.of("/bin/kill"))
        && !Files.isExecutable(Path.of("/usr/bin/kill"))) {
      return Report.skipped("there is no program kill to send SIGSTOP with");
    }
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    Path root = Files.createTempDirectory("bobbin-stopped-");
    try {
      for (int i = 0; report.figure("stops") < stops && report.isClean(); i++) {
        Path data = root.resolve("data-" + i);
        try (Directory directory = new Directory(data, random.nextLong(), report)) {
          directory.oracle().leasesEnd();
          for (int j = 0; j < CHILDREN_PER_DIRECTORY && report.figure("stops") < stops; j++) {
            live(directory, report, random);
          }
          if (report.isClean()) {
            directory.drain();
          }
        }
        if (report.isClean()) {
          Trees.delete(data);
        }
      }
      if (report.isClean() && stops >= STOPS_TO_FIND_ONE && report.figure("late outcomes") == 0) {
        report.fault("no outcome came late: the stops have tested nothing");
      }
    } catch (ChildException e) {
      report.fault(String.valueOf(e.getMessage()));
    } finally {
      Trees.deleteIf(report.isClean(), root);
    }
    return report;
  }

  private void live(Directory directory, Report report, SplittableRandom random)
      throws IOException, InterruptedException {
    try (ChildProcess child =
        directory.start(options -> options.withLeaseMillis(LEASE_MILLIS, HOLD_MILLIS))) {
      child.expect("opening");
      child.expect("open");
      child.expect("holding");
      // How it ends: 0 killed while it is stopped, 1 killed when it has woken, others closed.
      int end = random.nextInt(4);
      for (int i = 1; i <= STOPS_PER_CHILD && report.figure("stops") < stops; i++) {
        goOn(child, random.nextInt(150_000));
        child.suspend();
        goOn(child, 1_000 * (LEASE_MILLIS + random.nextInt(2 * LEASE_MILLIS)));
        report.count("stops");
        if (i < STOPS_PER_CHILD || end != 0) {
          child.resume();
        }
      }
      goOn(child, random.nextInt(50_000));
      if (end < 2) {
        child.kill();
        report.count("killed");
        directory.take(End.PROCESS_DEATH);
      } else {
        close(directory, child, report);
      }
    }
  }

  private static void goOn(ChildProcess child, int micros) throws InterruptedException {
    if (child.endsWithin(micros, TimeUnit.MICROSECONDS)) {
      child.awaitClosed();
      throw new IllegalStateException("a child closed though nobody had told it to");
    }
  }

  /** Every outcome that its holders saw refused must have been counted. */
  private static void close(Directory directory, ChildProcess child, Report report)
      throws IOException, InterruptedException {
    child.tellToClose();
    Matcher closed = CLOSED.matcher(child.expect("closed"));
    child.awaitClosed();
    long before = report.figure("late outcomes");
    directory.take(End.CLOSED);
    long seen = report.figure("late outcomes") - before;
    if (!closed.matches() || Long.parseLong(closed.group(1)) != seen) {
      report.fault(seen + " outcomes were refused as late, but it said: " + closed);
    }
    report.count("leases lost", Long.parseLong(closed.group(2)));
    report.count("closed");
  }
}
