package dev.bobbin.torture.bite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the campaigns are run on a planted bug: as large as it takes to find most, and no larger. */
record Slices(long seed) {
  private static final Map<String, List<String>> ARGS =
      Map.ofEntries(
          Map.entry("clocks", List.of("--sequences", "10")),
          Map.entry("corrupt", List.of("--mutations", "150", "--every", "601")),
          Map.entry("errors", List.of("--scenarios", "2", "--reads", "64")),
          Map.entry("full", List.of("--levels", "3")),
          Map.entry("fuzz", List.of("--seconds", "20")),
          Map.entry("interrupts", List.of("--interrupts", "800")),
          Map.entry("kill", List.of("--kills", "15")),
          Map.entry("machine", List.of("--deaths", "5", "--twice", "2", "--xfs", "0")),
          Map.entry("owners", List.of("--opens", "20")),
          Map.entry(
              "races", List.of("--quick", "--minutes", "2", "--scenarios", "3", "--runs", "500")),
          Map.entry("slow", List.of("--stalls", "4", "--longest", "1500")),
          Map.entry("soak", List.of("--minutes", "0.5")),
          Map.entry("stopped", List.of("--stops", "5")),
          Map.entry("strace", List.of("--runs", "3")),
          Map.entry("torn", List.of("--states", "60", "--scenarios", "6")));

  /** Whether there is such a campaign. */
  boolean has(String campaign) {
    return ARGS.containsKey(campaign);
  }

  List<String> of(String campaign) {
    return of(campaign, Map.of());
  }

  /** {@code sizes} has other options for some campaigns. */
  List<String> of(String campaign, Map<String, List<String>> sizes) {
    List<String> usual = ARGS.getOrDefault(campaign, List.of());
    List<String> args = new ArrayList<>(sizes.getOrDefault(campaign, usual));
    args.addAll(List.of("--seed", Long.toString(seed)));
    return args;
  }
}
