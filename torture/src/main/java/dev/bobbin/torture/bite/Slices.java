package dev.bobbin.torture.bite;

import java.util.List;
import java.util.Map;

/** How the campaigns are run on a planted bug: as large as it takes to find most, and no larger. */
record Slices(long seed) {
  private static final Map<String, List<String>> ARGS =
      Map.ofEntries(
          Map.entry("kill", List.of("--kills", "30")),
          Map.entry("soak", List.of("--minutes", "0.5")),
          Map.entry("torn", List.of("--states", "60", "--scenarios", "6")));

  /** Whether there is such a campaign. */
  boolean has(String campaign) {
    return ARGS.containsKey(campaign);
  }

  List<String> of(String campaign) {
    List<String> args = new java.util.ArrayList<>(ARGS.getOrDefault(campaign, List.of()));
    args.addAll(List.of("--seed", Long.toString(seed)));
    return args;
  }
}
