package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.curve.Curve;
import dev.bobbin.benchmarks.report.CurveReport;
import dev.bobbin.benchmarks.report.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How cost grows: the points of a curve by turns, each in a process of its own. */
@Command(
    name = "bobbin bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Measures how cost grows, point by point of a curve.", ""},
    description = {
      "",
      "In each round every point of a curve is measured, one after the other, each in a new process: "
          + "warmed up for a second, then measured. A round counts only if every job arrived with "
          + "every byte right. All curves together take about twenty minutes and 10 GB of disk.",
      ""
    },
    footer = {
      "",
      "Curves: payload, threads, producers, workers, batch, queues, backlog, delayed, failing, flush, "
          + "recovery.",
      "",
      "Exit status: 0 measured; 1 a point could not be measured; 2 wrong usage."
    })
final class Curves extends Measuring {
  @Option(
      names = "--curves",
      arity = "0..1",
      fallbackValue = "all",
      split = ",",
      paramLabel = "NAME",
      description = "These curves, by name; all of them without a name.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--points",
      paramLabel = "NAME=SIZE[,SIZE...]",
      description = "Measure this curve at these sizes; may be repeated.")
  private Map<String, String> points = new LinkedHashMap<>();

  @Option(
      names = "--full",
      description =
          "Measure backlog and recovery with up to 100 million jobs, delayed with up to 10 million "
              + "too: 20 GB of disk, and some minutes a round.")
  private boolean full;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds for each point; ${DEFAULT-VALUE} by default.")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long producers submit in a round; ${DEFAULT-VALUE} by default.")
  private double seconds = 2;

  @Option(
      names = "--pace",
      paramLabel = "RATE",
      description = "Jobs a second while latency is measured; ${DEFAULT-VALUE} by default.")
  private double pace = 1000;

  Curves() {
    super("-XX:+UseParallelGC", "-Xmx512m");
  }

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || !(seconds > 0) || !(pace > 0)) {
      throw wrong(
          "--rounds, --seconds and --pace must be positive, found %d, %s and %s"
              .formatted(rounds, seconds, pace));
    }
    Map<Curve, List<Long>> plan = plan();
    Files.createDirectories(directory());
    List<CurveReport.Line> done = new ArrayList<>();
    boolean complete = true;
    for (Map.Entry<Curve, List<Long>> entry : plan.entrySet()) {
      CurveReport.Line line = measure(entry.getKey(), entry.getValue());
      complete &= line.points().size() == entry.getValue().size();
      done.add(line);
      line.table().forEach(System.out::println);
      System.out.println();
      Path report = report();
      if (report != null) {
        new CurveReport(done, facts(circumstances()), command()).write(report);
      }
    }
    return complete ? 0 : 1;
  }

  private CurveReport.Line measure(Curve curve, List<Long> sizes) throws InterruptedException {
    Map<Long, Rounds> measured = new TreeMap<>();
    for (long size : sizes) {
      measured.put(size, new Rounds(Long.toString(size), curve.axis(), Map.of()));
    }
    for (int round = 0; round < rounds; round++) {
      for (Rounds point : List.copyOf(measured.values())) {
        String label = curve.label() + " " + point.label();
        long size = Long.parseLong(point.label());
        try {
          Map<String, Object> figures = measure(curve, size);
          say(label + ": " + figures);
          point.add(figures);
        } catch (IOException e) {
          say(label + " is left out: " + e.getMessage());
          measured.remove(size);
        }
      }
    }
    return new CurveReport.Line(curve.label(), curve.axis(), curve.logarithmic(), measured);
  }

  private Map<String, Object> measure(Curve curve, long size) throws IOException {
    Path folder = Files.createTempDirectory(directory(), "bobbin-bench-" + curve.label() + "-");
    Map<String, Object> figures = new LinkedHashMap<>();
    try {
      Path data = Files.createDirectory(folder.resolve("data"));
      for (String phase : curve.phases()) {
        List<String> command = Asked.java(jvmOptions(), PointChild.class);
        command.addAll(List.of(curve.label(), data.toString(), Long.toString(size)));
        command.addAll(List.of(Double.toString(seconds), Double.toString(pace)));
        try (Asked child = new Asked(command, folder.resolve(phase + ".log"))) {
          figures.putAll(child.ask(phase));
        }
      }
    } finally {
      Folders.delete(folder);
    }
    return figures;
  }

  private Map<Curve, List<Long>> plan() {
    Map<Curve, List<Long>> plan = new EnumMap<>(Curve.class);
    boolean all = names.isEmpty() || names.contains("all");
    for (Curve curve : all ? List.of(Curve.values()) : names.stream().map(this::named).toList()) {
      plan.put(curve, full ? curve.fullSizes() : curve.sizes());
    }
    points.forEach((name, sizes) -> plan.replace(named(name), sizes(named(name), sizes)));
    return plan;
  }

  private Curve named(String label) {
    return Curve.labelled(label)
        .orElseThrow(
            () ->
                wrong(
                    "--curves and --points must name one of "
                        + Arrays.stream(Curve.values())
                            .map(Curve::label)
                            .collect(Collectors.joining(", "))
                        + "; found '"
                        + label
                        + "'"));
  }

  private List<Long> sizes(Curve curve, String words) {
    try {
      return List.copyOf(
          Arrays.stream(words.split(",", -1))
              .map(word -> curve.require(Long.parseLong(word.strip())))
              .collect(Collectors.toCollection(TreeSet::new)));
    } catch (NumberFormatException e) {
      throw wrong("--points must give whole numbers, found '" + words + "' for " + curve.label());
    } catch (IllegalArgumentException e) {
      throw wrong("--points: " + e.getMessage());
    }
  }

  private String circumstances() {
    return "rounds: %d of %s s; latency at %s jobs/s".formatted(rounds, seconds, pace);
  }
}
