package dev.bobbin.benchmarks.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;

/** The figures of a report as bar charts, PNG and SVG. */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;

  private Charts() {}

  static void write(Report report, Path folder) throws IOException {
    if (report.pace() == null) {
      write(report, folder, "throughput", "million jobs/s", "jobsPerSecond", 1e-6);
      write(report, folder, "disk", "bytes written to disk per job", "writtenBytesPerJob", 1);
    } else {
      write(report, folder, "latency-p50", "p50, microseconds", "p50", 1);
      write(report, folder, "latency-p99", "p99, microseconds", "p99", 1);
    }
    write(report, folder, "cpu", "CPU seconds per million jobs", "cpuSecondsPerMillion", 1);
  }

  private static void write(
      Report report, Path folder, String name, String title, String figure, double unit)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setAvailableSpaceFill(0.6);
    chart.getStyler().setXAxisLabelRotation(30);
    List<String> names = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Rounds result : report.results()) {
      names.add(result.label());
      values.add(result.spread(figure).median() * unit);
    }
    chart.addSeries(title, names, values);
    for (String format : List.of("png", "svg")) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(name + "." + format))) {
        ChartEncoder.saveChart(chart, out, format);
      }
    }
  }
}
