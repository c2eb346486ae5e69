package dev.bobbin.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.cli.bench.Spread;
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
import org.jspecify.annotations.Nullable;

/**
 * What a run side by side gave.
 *
 * @param load what was carried
 * @param pace jobs a second, or null if as fast as possible
 * @param results one for each queue, the first is what the others are compared with
 * @param facts the machine, a line each
 * @param command what was run
 */
public record Report(
    Load load, @Nullable Double pace, List<Rounds> results, List<String> facts, String command) {
  /** The results as a Markdown table: medians, and smallest and largest in parentheses. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(pace == null ? THROUGHPUT_HEAD : LATENCY_HEAD);
    lines.add(lines.get(0).replaceAll("[^|]+", "---"));
    for (Rounds result : results) {
      lines.add(pace == null ? throughput(result) : latency(result));
    }
    return lines;
  }

  private static final String THROUGHPUT_HEAD =
      "| queue | jobs/s | first's jobs/s by its | CPU s per million jobs | bytes to disk per job |";
  private static final String LATENCY_HEAD =
      "| queue | p50 us | p99 us | p99.9 us | max us | CPU s per million jobs |";

  private String throughput(Rounds result) {
    Spread rate = result.spread("jobsPerSecond");
    Spread ratio = results.get(0).ratio("jobsPerSecond", result);
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f (%,.0f to %,.0f) | %.2f (%.2f to %.2f) | %.3f | %.1f |",
        result.what(),
        rate.median(),
        rate.min(),
        rate.max(),
        ratio.median(),
        ratio.min(),
        ratio.max(),
        result.spread("cpuSecondsPerMillion").median(),
        result.spread("writtenBytesPerJob").median());
  }

  private static String latency(Rounds result) {
    StringBuilder line = new StringBuilder("| " + result.what());
    for (String figure : List.of("p50", "p99", "p99.9", "max")) {
      Spread spread = result.spread(figure);
      line.append(
          String.format(
              Locale.ROOT, " | %.1f (%.1f to %.1f)", spread.median(), spread.min(), spread.max()));
    }
    return line
        + String.format(Locale.ROOT, " | %.3f |", result.spread("cpuSecondsPerMillion").median());
  }

  /** Writes report.md, report.json and the charts into {@code folder}. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("report.md"), markdown());
    Files.writeString(folder.resolve("report.json"), JSON.std.asString(json()));
    Charts.write(this, folder);
  }

  private List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# Side by side");
    lines.add("");
    lines.add("    " + command);
    lines.add("");
    lines.add("- date: " + LocalDate.now(ZoneOffset.UTC));
    facts.forEach(fact -> lines.add("- " + fact));
    lines.add(
        String.format(
            Locale.ROOT,
            "- load: jobs of %,d bytes, producers %d, workers %d, batches of at most %d%s",
            load.payloadBytes(),
            load.producers(),
            load.workers(),
            load.batch(),
            pace == null ? "" : String.format(Locale.ROOT, ", %,.0f jobs/s", pace)));
    lines.add("");
    lines.addAll(table());
    lines.add("");
    lines.add("## Settings");
    for (Rounds result : results) {
      lines.add("");
      lines.add("**" + result.label() + "**, " + result.what() + ":");
      lines.add("");
      result.settings().forEach((name, value) -> lines.add("- " + name + ": " + value));
    }
    return lines;
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", command);
    json.put("facts", facts);
    json.put("payloadBytes", load.payloadBytes());
    json.put("producers", load.producers());
    json.put("workers", load.workers());
    json.put("batch", load.batch());
    json.put("jobsPerSecondOffered", pace == null ? "as fast as possible" : pace);
    json.put("results", results.stream().map(Rounds::json).toList());
    return json;
  }
}
