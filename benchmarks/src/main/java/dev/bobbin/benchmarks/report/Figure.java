package dev.bobbin.benchmarks.report;

import dev.bobbin.cli.bench.Spread;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A figure of a point of a curve: a column of the table and a line of a chart. */
enum Figure {
  JOBS("jobsPerSecond", "jobs/s", Chart.THROUGHPUT, "%,.0f"),
  MEMORY_JOBS("memoryJobsPerSecond", "in memory, jobs/s", Chart.THROUGHPUT, "%,.0f"),
  ONE_QUEUE_JOBS("oneQueueJobsPerSecond", "through one of them, jobs/s", Chart.THROUGHPUT, "%,.0f"),
  FILL_JOBS("fillJobsPerSecond", "filled, jobs/s", Chart.THROUGHPUT, "%,.0f"),
  DRAIN_JOBS("drainJobsPerSecond", "drained, jobs/s", Chart.THROUGHPUT, "%,.0f"),
  P50("p50", "p50 us", Chart.LATENCY, "%,.1f"),
  P99("p99", "p99 us", Chart.LATENCY, "%,.1f"),
  SUBMIT_P50("submitP50", "submit p50 us", Chart.LATENCY, "%,.1f"),
  SUBMIT_P99("submitP99", "submit p99 us", Chart.LATENCY, "%,.1f"),
  DUE_P50("dueMillisP50", "late p50 ms", Chart.LATENESS, "%,.0f"),
  DUE_P99("dueMillisP99", "late p99 ms", Chart.LATENESS, "%,.0f"),
  RECOVERY("recoverySeconds", "opened after its death, s", Chart.RECOVERY, "%,.3f"),
  REOPENING("reopenSeconds", "opened after closing, s", Chart.RECOVERY, "%,.3f"),
  CPU("cpuSecondsPerMillion", "CPU s per million jobs", null, "%,.3f"),
  WRITTEN("writtenBytesPerJob", "bytes to disk per job", Chart.DISK, "%,.1f"),
  FILL_WRITTEN("fillWrittenBytesPerJob", "filling, bytes to disk per job", Chart.DISK, "%,.1f"),
  HEAP_PER_JOB("heapBytesPerJob", "heap bytes per waiting job", null, "%,.1f"),
  HEAP("heapBytes", "heap MiB", Chart.MEMORY, "%,.1f"),
  RESIDENT("peakResidentBytes", "resident MiB at most", Chart.MEMORY, "%,.0f");

  /** What is drawn together: a unit. */
  enum Chart {
    THROUGHPUT("million jobs/s", 1e-6),
    LATENCY("microseconds", 1),
    LATENESS("milliseconds", 1),
    RECOVERY("seconds", 1),
    DISK("bytes written to disk per job", 1),
    MEMORY("MiB", 1.0 / (1 << 20));

    final String title;
    final double unit;

    Chart(String title, double unit) {
      this.title = title;
      this.unit = unit;
    }
  }

  final String name;
  final String head;
  final @Nullable Chart chart;
  private final String format;

  Figure(String name, String head, @Nullable Chart chart, String format) {
    this.name = name;
    this.head = head;
    this.chart = chart;
    this.format = format;
  }

  /** Those that are known of at least one of these points. */
  static List<Figure> of(List<Rounds> points) {
    return List.of(values()).stream()
        .filter(figure -> points.stream().anyMatch(point -> point.has(figure.name)))
        .toList();
  }

  /** The median, and where rounds differ, the smallest and the largest in parentheses. */
  String words(Rounds point) {
    if (!point.has(name)) {
      return "-";
    }
    double unit = chart == Chart.MEMORY ? Chart.MEMORY.unit : 1;
    Spread spread = point.spread(name);
    String median = words(spread.median() * unit);
    String least = words(spread.min() * unit);
    String most = words(spread.max() * unit);
    return least.equals(most) ? median : median + " (" + least + " to " + most + ")";
  }

  private String words(double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
