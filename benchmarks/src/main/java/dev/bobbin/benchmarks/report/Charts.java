package dev.bobbin.benchmarks.report;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.CategoryStyler;

/** The figures of a report as bar charts, PNG and SVG; where they differ by much, by magnitude. */
final class Charts {
  static final int WIDTH = 900;
  static final int HEIGHT = 480;

  /**
   * From this ratio of the largest to the smallest on, equal steps of the axis are powers of ten.
   */
  private static final double WIDE = 100;

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
    CategoryStyler styler = chart.getStyler();
    styler.setLegendVisible(false);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setAvailableSpaceFill(0.6);
    styler.setXAxisLabelRotation(90);
    // XChart knows no axis with one label.
    styler.setXAxisMaxLabelCount(Math.max(2, report.results().size()));
    List<String> names = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Rounds result : report.results()) {
      names.add(result.label());
      values.add(result.spread(figure).median() * unit);
    }
    chart.addSeries(title, names, values);
    magnitudes(styler, values);
    save(chart, folder, name);
  }

  /** Has equal steps of the vertical axis be powers of ten if the values differ by much. */
  static void magnitudes(AxesChartStyler styler, List<Double> values) {
    double least = values.stream().filter(v -> v > 0).min(Double::compare).orElse(1.0);
    if (values.stream().allMatch(v -> v > 0) && Collections.max(values) > WIDE * least) {
      styler.setYAxisLogarithmic(true);
      styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    }
  }

  /** As PNG and SVG. */
  static void save(IChart chart, Path folder, String name) throws IOException {
    for (String format : List.of("png", "svg")) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(name + "." + format))) {
        ChartEncoder.saveChart(chart, out, format);
      }
    }
  }
}
