package dev.bobbin.torture.kill;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildException;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.child.Trees;
import dev.bobbin.torture.kill.Failpoint.Phase;
import dev.bobbin.torture.kill.Killer.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/**
 * {@code kill -9} of a real process at full speed, again and again, on one directory: in turns at a
 * moment that chance decides, and at a {@link Failpoint}.
 */
@Command(
    name = "kill",
    description = "Kills a real process at any moment; nothing may be lost or invented.")
public final class KillCampaign extends Campaign {
  /** Then everything is worked off and checked, and a new directory begins. */
  private static final int KILLS_PER_DIRECTORY = 50;

  /** With so many tries each failpoint must have been reached. */
  private static final int TRIES_TO_REACH = 10;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How many.",
      defaultValue = "2000",
      showDefaultValue = Visibility.ALWAYS)
  int kills;

  /** Failpoints that a new directory comes to, and those that any does. */
  private final List<Failpoint> creating =
      Arrays.stream(Failpoint.values()).filter(f -> f.phase == Phase.CREATING).toList();

  private final List<Failpoint> others =
      new ArrayList<>(
          Arrays.stream(Failpoint.values()).filter(f -> f.phase != Phase.CREATING).toList());

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    Collections.shuffle(others, new Random(seed));
    Path root = Files.createTempDirectory("bobbin-kill-");
    Killer killer = new Killer(root.resolve("overlays"), report, random);
    try {
      for (int killed = 0; killed < kills && report.isClean(); killed += KILLS_PER_DIRECTORY) {
        Path data = root.resolve("data-" + killed);
        try (Directory directory = new Directory(data, random.nextLong(), report)) {
          int end = Math.min(kills, killed + KILLS_PER_DIRECTORY);
          for (int i = killed; i < end && report.isClean(); i++) {
            kill(killer, directory, i, random, report);
            report.count("kills");
          }
          if (report.isClean()) {
            directory.drain();
          }
        }
        if (report.isClean()) {
          Trees.delete(data);
        }
        if (kills > KILLS_PER_DIRECTORY) {
          System.out.printf(
              "  %,d kills, %,d accepted%n", report.figure("kills"), report.figure("accepted"));
        }
      }
      checkReached(report);
    } catch (ChildException e) {
      report.fault(String.valueOf(e.getMessage()));
    } finally {
      Trees.deleteIf(report.isClean(), root);
    }
    return report;
  }

  private void kill(
      Killer killer, Directory directory, int number, SplittableRandom random, Report report)
      throws IOException, InterruptedException {
    boolean killed = false;
    while (!killed && report.isClean()) {
      if (number % KILLS_PER_DIRECTORY == 0) {
        killed =
            killer.killAt(directory, creating.get(number / KILLS_PER_DIRECTORY % creating.size()));
      } else if (number % 2 == 0) {
        killed = killer.killAt(directory, moment(number, random));
      } else {
        killed = killer.killAt(directory, others.get(number / 2 % others.size()));
      }
    }
  }

  private static Moment moment(int number, SplittableRandom random) {
    if (number % 12 == 6) {
      return Moment.LONG_RUNNING;
    }
    int dice = random.nextInt(10);
    return dice < 3
        ? Moment.RECOVERING
        : dice < 5 ? Moment.JUST_OPEN : dice < 9 ? Moment.RUNNING : Moment.CLOSING;
  }

  /** A failpoint that is never reached tests nothing. */
  private void checkReached(Report report) {
    if (report.isClean() && kills >= 2 * Failpoint.values().length * TRIES_TO_REACH) {
      for (Failpoint failpoint : Failpoint.values()) {
        if (report.figure("at " + failpoint) == 0) {
          report.fault("failpoint " + failpoint + " was never reached");
        }
      }
    }
  }
}
