package dev.bobbin.torture.disk;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import java.time.Duration;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Row 11: a write, a force or the creation of a file does not return for a while. */
@Command(name = "slow", description = "A disk that stalls for 100 ms to 30 s.")
public final class SlowCampaign extends Campaign {
  private static final double SHORTEST_MILLIS = 100;

  @Option(names = "--stalls", paramLabel = "N", description = "How many; 60 if absent.")
  int stalls = 60;

  @Option(
      names = "--longest",
      paramLabel = "MILLIS",
      description = "The longest stall; 30,000 if absent.")
  int longestMillis = 30_000;

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    long[] own = new SplittableRandom(seed).longs(stalls).toArray();
    Crew.each(
        stalls,
        i -> {
          // All lengths, and as many short ones as long ones: each is so much longer than the last.
          double share = stalls == 1 ? 1 : i / (stalls - 1.0);
          double millis = SHORTEST_MILLIS * Math.pow(longestMillis / SHORTEST_MILLIS, share);
          new Stall(own[i], i, Duration.ofMillis((long) millis), report).run();
        });
    return report;
  }
}
