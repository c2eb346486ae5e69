package dev.bobbin.torture.bite;

import dev.bobbin.torture.bite.Trial.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which bug was caught by which campaign, in Markdown. */
final class Table {
  private Table() {}

  static List<String> of(List<Bug> bugs, List<Trial> trials) {
    List<String> lines = new ArrayList<>();
    lines.add("| bug | what it breaks | caught by | missed by | what the first one said |");
    lines.add("|---|---|---|---|---|");
    for (Bug bug : bugs) {
      List<Trial> of = trials.stream().filter(trial -> trial.bug().equals(bug.name())).toList();
      lines.add(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  bug.name(),
                  bug.breaks(),
                  names(of, Result.CAUGHT),
                  names(of, Result.MISSED, Result.HUNG, Result.BROKEN),
                  firstWords(bug, of)));
    }
    return lines;
  }

  private static String names(List<Trial> trials, Result... results) {
    String names =
        trials.stream()
            .filter(trial -> List.of(results).contains(trial.result()))
            .map(
                trial ->
                    trial.campaign() + (trial.result() == Result.HUNG ? " (no end in time)" : ""))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "–" : names;
  }

  private static String firstWords(Bug bug, List<Trial> trials) {
    return trials.stream()
        .filter(trial -> trial.result() == Result.CAUGHT)
        .findFirst()
        .map(trial -> trial.said().replaceFirst("^FAULT ", "").replace("|", "/"))
        .map(said -> said.length() > 160 ? said.substring(0, 160) + " ..." : said)
        .orElse(bug.blind());
  }
}
