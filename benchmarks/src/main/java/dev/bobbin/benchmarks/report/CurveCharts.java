package dev.bobbin.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The figures of a curve as line charts: medians, and thin lines for the smallest and the largest.
 */
final class CurveCharts {
  private static final Color[] COLORS = {
    new Color(0x1F77B4), new Color(0xD62728), new Color(0x2CA02C), new Color(0x9467BD)
  };
  private static final BasicStroke THIN =
      new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {2, 3}, 0);

  private CurveCharts() {}

  /** Those for which the curve has figures. */
  static List<Figure.Chart> of(CurveReport.Line curve) {
    return Figure.of(List.copyOf(curve.points().values())).stream()
        .map(figure -> figure.chart)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  static String name(CurveReport.Line curve, Figure.Chart chart) {
    return curve.name() + "-" + chart.name().toLowerCase(Locale.ROOT);
  }

  static void write(CurveReport.Line curve, Path folder) throws IOException {
    for (Figure.Chart chart : of(curve)) {
      Charts.save(draw(curve, chart), folder, name(curve, chart));
    }
  }

  private static XYChart draw(CurveReport.Line curve, Figure.Chart chart) {
    XYChart drawn =
        new XYChartBuilder()
            .width(Charts.WIDTH)
            .height(Charts.HEIGHT)
            .title(chart.title + " against " + curve.axis())
            .xAxisTitle(curve.axis())
            .build();
    XYStyler styler = drawn.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    double zero = zero(curve);
    if (curve.logarithmic()) {
      styler.setXAxisLogarithmic(true);
      styler.setXAxisTickLabelsFormattingFunction(size -> size <= zero ? "0" : words(size));
    }
    List<Double> values = new ArrayList<>();
    int color = 0;
    for (Figure figure : Figure.of(List.copyOf(curve.points().values()))) {
      if (figure.chart == chart) {
        Line line = new Line(curve, figure, zero, COLORS[color++ % COLORS.length]);
        values.addAll(line.draw(drawn));
      }
    }
    Charts.magnitudes(styler, values);
    if (!styler.isYAxisLogarithmic()) {
      styler.setYAxisMin(0.0);
    }
    return drawn;
  }

  /** Where nothing is drawn on an axis that has no place for it: a power of ten further left. */
  private static double zero(CurveReport.Line curve) {
    double least =
        curve.points().keySet().stream().filter(size -> size > 0).min(Long::compare).orElse(10L);
    return Math.pow(10, Math.floor(Math.log10(least)) - 1);
  }

  private static String words(double size) {
    return size < 1e6
        ? String.format(Locale.ROOT, "%,.0f", size)
        : String.format(Locale.ROOT, "%,.0f million", size / 1e6);
  }

  /** One figure of a curve: three series. */
  private record Line(CurveReport.Line curve, Figure figure, double zero, Color color) {
    /** Returns the values that are drawn. */
    List<Double> draw(XYChart chart) {
      List<Rounds> points = new ArrayList<>();
      List<Double> sizes = new ArrayList<>();
      for (Map.Entry<Long, Rounds> point : curve.points().entrySet()) {
        if (point.getValue().has(figure.name)) {
          points.add(point.getValue());
          sizes.add(curve.logarithmic() ? Math.max(zero, point.getKey()) : (double) point.getKey());
        }
      }
      double[] x = sizes.stream().mapToDouble(Double::doubleValue).toArray();
      double[] median = y(points, rounds -> rounds.spread(figure.name).median());
      XYSeries line = chart.addSeries(figure.head, x, median);
      line.setMarkerColor(color).setMarker(SeriesMarkers.CIRCLE).setLineColor(color);
      double[] least = y(points, rounds -> rounds.spread(figure.name).min());
      double[] most = y(points, rounds -> rounds.spread(figure.name).max());
      thin(chart.addSeries(figure.head + ", least", x, least));
      thin(chart.addSeries(figure.head + ", most", x, most));
      return Stream.of(least, most).flatMap(y -> Arrays.stream(y).boxed()).toList();
    }

    private double[] y(List<Rounds> points, ToDoubleFunction<Rounds> value) {
      double unit = Objects.requireNonNull(figure.chart).unit;
      return points.stream().mapToDouble(value).map(found -> found * unit).toArray();
    }

    private void thin(XYSeries series) {
      series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(THIN);
      series.setShowInLegend(false);
    }
  }
}
