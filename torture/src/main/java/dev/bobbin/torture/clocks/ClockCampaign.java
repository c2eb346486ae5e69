package dev.bobbin.torture.clocks;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sequences of steps of both clocks, submits, takes and restarts, each checked against a model. */
@Command(name = "clocks", description = "Sets the wall clock forward and back by up to ten days.")
public final class ClockCampaign extends Campaign {
  private static final int STEPS = 120;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many sequences of steps; ${DEFAULT-VALUE} by default.")
  int sequences;

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < sequences && report.isClean(); i++) {
      Limits.check(report, random.split());
      Sequence sequence = new Sequence(report, random.split());
      for (int step = 0; step < STEPS && report.isClean(); step++) {
        sequence.step();
      }
      sequence.end();
      report.count("sequences");
    }
    return report;
  }
}
