package dev.bobbin.benchmarks.report;

import dev.bobbin.cli.bench.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One queue's rounds. */
public final class Rounds {
  private final String label;
  private final String what;
  private final Map<String, Object> settings;
  private final List<Map<String, Object>> rounds = new ArrayList<>();

  /**
   * None yet.
   *
   * @param label its name on the command line
   * @param what what it is
   */
  public Rounds(String label, String what, Map<String, Object> settings) {
    this.label = label;
    this.what = what;
    this.settings = settings;
  }

  /** Another one, as {@code Measured.json} writes it. */
  public void add(Map<String, Object> round) {
    rounds.add(round);
  }

  /** Its name on the command line. */
  public String label() {
    return label;
  }

  String what() {
    return what;
  }

  Map<String, Object> settings() {
    return settings;
  }

  /** Whether there are rounds, and each gave this figure. */
  boolean has(String name) {
    return !rounds.isEmpty() && rounds.stream().allMatch(round -> round.containsKey(name));
  }

  /** What the rounds gave for this figure. */
  public Spread spread(String name) {
    return Spread.of(rounds.stream().mapToDouble(round -> figure(round, name)).toArray());
  }

  /** This figure's ratio to the other's, round by round: those were measured next to each other. */
  public Spread ratio(String name, Rounds other) {
    double[] ratios = new double[Math.min(rounds.size(), other.rounds.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figure(rounds.get(i), name) / figure(other.rounds.get(i), name);
    }
    return Spread.of(ratios);
  }

  private static double figure(Map<String, Object> round, String name) {
    return ((Number) Objects.requireNonNull(round.get(name), name)).doubleValue();
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", label);
    json.put("what", what);
    json.put("settings", settings);
    json.put("rounds", rounds);
    return json;
  }

  /** A round in a line. */
  public static String words(Map<String, Object> round) {
    String rate = String.format(Locale.ROOT, "%,.0f jobs/s", figure(round, "jobsPerSecond"));
    return round.containsKey("p50")
        ? String.format(
            Locale.ROOT,
            "%s, p50 %.1f, p99 %.1f, p99.9 %.1f us",
            rate,
            figure(round, "p50"),
            figure(round, "p99"),
            figure(round, "p99.9"))
        : rate;
  }
}
