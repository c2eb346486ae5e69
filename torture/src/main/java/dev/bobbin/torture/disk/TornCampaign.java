package dev.bobbin.torture.disk;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Row 3: the machine dies at each operation that changes the disk, and of what was not forced any
 * piece of 512 bytes is left, or an earlier content of it, or nothing. Each image is opened, and
 * everything in it compared with what was promised.
 */
@Command(
    name = "torn",
    description = "Torn, reordered and dropped writes: opens what the machine's death may leave.")
public final class TornCampaign extends Campaign {
  @Option(names = "--states", paramLabel = "N", description = "Images to open; 500,000 if absent.")
  int states = 500_000;

  @Option(
      names = "--scenarios",
      paramLabel = "N",
      description = "Runs they come from; 100 if absent.")
  int scenarios = 100;

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
    Crew.each(
        scenarios,
        i -> {
          if (only < 0 || only == i) {
            new TornScenario(own[i], i, states / scenarios, report).run();
          }
        });
    return report;
  }
}
