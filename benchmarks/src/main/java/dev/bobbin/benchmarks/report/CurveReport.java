package dev.bobbin.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run over curves gave.
 *
 * @param curves those that have been measured
 * @param facts the machine and the settings, a line each
 * @param command what was run
 */
public record CurveReport(List<Line> curves, List<String> facts, String command) {
  /**
   * One curve.
   *
   * @param name on the command line
   * @param axis what grows along it
   * @param logarithmic whether equal steps of it are equal ratios
   * @param points the rounds at each size, by size
   */
  public record Line(String name, String axis, boolean logarithmic, Map<Long, Rounds> points) {
    /** As a Markdown table: medians, and smallest and largest in parentheses. */
    public List<String> table() {
      List<Figure> figures = Figure.of(List.copyOf(points.values()));
      List<String> lines = new ArrayList<>();
      lines.add(
          figures.stream()
              .map(figure -> figure.head)
              .collect(Collectors.joining(" | ", "| " + axis + " | ", " |")));
      lines.add(lines.get(0).replaceAll("[^|]+", "---"));
      points.forEach(
          (size, rounds) ->
              lines.add(
                  figures.stream()
                      .map(figure -> figure.words(rounds))
                      .collect(
                          Collectors.joining(
                              " | ", String.format(Locale.ROOT, "| %,d | ", size), " |"))));
      return lines;
    }
  }

  /** Writes report.md, report.json and the charts into {@code folder}. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("report.md"), markdown());
    Files.writeString(folder.resolve("report.json"), JSON.std.asString(json()));
    for (Line curve : curves) {
      CurveCharts.write(curve, folder);
    }
  }

  private List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# How cost grows");
    lines.add("");
    lines.add("    " + command);
    lines.add("");
    lines.add("- date: " + LocalDate.now(ZoneOffset.UTC));
    facts.forEach(fact -> lines.add("- " + fact));
    for (Line curve : curves) {
      lines.add("");
      lines.add("## " + curve.name);
      lines.add("");
      lines.addAll(curve.table());
      for (Figure.Chart chart : CurveCharts.of(curve)) {
        lines.add("");
        lines.add(
            "!["
                + chart.title
                + " against "
                + curve.axis
                + "]("
                + CurveCharts.name(curve, chart)
                + ".png)");
      }
    }
    return lines;
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", command);
    json.put("facts", facts);
    Map<String, Object> all = new LinkedHashMap<>();
    for (Line curve : curves) {
      all.put(curve.name, curve.points.values().stream().map(Rounds::json).toList());
    }
    json.put("curves", all);
    return json;
  }
}
