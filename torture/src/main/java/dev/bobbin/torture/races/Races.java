package dev.bobbin.torture.races;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Campaign 8: two threads meet at one point of the core, millions of times, in code that the JVM
 * compiles in many ways; and calls on several threads are compared with what one thread would get.
 */
@Command(
    name = "races",
    description = "Races: jcstress for publication and hand-over, Lincheck for leases and limits.")
public final class Races extends Campaign {
  @Option(
      names = "--quick",
      description = "One kind of compilation for each test, and a moment of each.")
  boolean quick;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description =
          "For jcstress, from its first result on; 0 for none. What is not run by then is not"
              + " counted; the order is random. Default: ${DEFAULT-VALUE}")
  double minutes = 25;

  @Option(
      names = "--scenarios",
      paramLabel = "N",
      description = "Of each specification under Lincheck. Default: ${DEFAULT-VALUE}")
  int scenarios = 50;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Of each scenario. Default: ${DEFAULT-VALUE}")
  int runs = 2_000;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "Tests of jcstress by their names. Default: all")
  String only = ".*";

  /** The seed is not used: both tools choose by themselves, and races repeat no seed. */
  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    if (minutes > 0) {
      new Jcstress(report, quick, only).run((long) (minutes * 60e9));
    }
    if (scenarios > 0) {
      new Lincheck(report).run(scenarios, runs);
    }
    return report;
  }
}
