package dev.bobbin.torture.soak;

import dev.bobbin.torture.soak.Samples.Sample;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The samples as a picture: memory above, file descriptors and threads below. */
final class Plot {
  private static final double MIB = 1 << 20;

  private Plot() {}

  static void write(Samples samples, Path png) throws IOException {
    System.setProperty("java.awt.headless", "true");
    List<Sample> all = samples.all();
    if (all.isEmpty()) {
      return;
    }
    XYChart memory = chart("Memory", "MiB", "");
    line(memory, "heap after a collection", all, sample -> sample.heap() / MIB);
    line(memory, "resident", all, sample -> sample.rss() / MIB);
    line(memory, "on disk", all, sample -> sample.directoryBytes() / MIB);
    XYChart counts = chart("File descriptors and threads", "", "minutes");
    line(counts, "file descriptors", all, Sample::descriptors);
    line(counts, "threads", all, Sample::threads);
    line(counts, "segments", all, Sample::segments);
    try (OutputStream out = Files.newOutputStream(png)) {
      BitmapEncoder.saveBitmap(List.of(memory, counts), 2, 1, out, BitmapFormat.PNG);
    }
  }

  private static XYChart chart(String title, String unit, String below) {
    XYChart chart =
        new XYChartBuilder()
            .width(760)
            .height(250)
            .title(title)
            .yAxisTitle(unit)
            .xAxisTitle(below)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static void line(
      XYChart chart, String name, List<Sample> all, ToDoubleFunction<Sample> figure) {
    double[] minutes = all.stream().mapToDouble(sample -> sample.seconds() / 60).toArray();
    double[] values = all.stream().mapToDouble(figure).toArray();
    chart.addSeries(name, minutes, values).setMarker(SeriesMarkers.NONE);
  }
}
