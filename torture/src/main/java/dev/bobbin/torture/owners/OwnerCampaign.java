package dev.bobbin.torture.owners;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Two processes on one directory, a lock that was left behind or deleted, copies and moves. */
@Command(
    name = "owners",
    description = "Has two processes open one directory, in every unfair way.")
public final class OwnerCampaign extends Campaign {
  @Option(
      names = "--opens",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many openings are tried; ${DEFAULT-VALUE} by default.")
  int opens;

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    Path folder = Files.createTempDirectory("bobbin-owners");
    Contest contest = new Contest(folder, report, random);
    try {
      while (report.figure(Contest.OPENS) < opens && report.isClean()) {
        contest.next();
      }
      contest.checkWitness();
    } finally {
      contest.end();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return report;
  }
}
