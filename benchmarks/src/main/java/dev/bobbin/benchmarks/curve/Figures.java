package dev.bobbin.benchmarks.curve;

import dev.bobbin.benchmarks.transport.Measured;
import dev.bobbin.cli.bench.probe.Memory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What was measured at a point, by name. For one thread. */
final class Figures {
  private final Map<String, Object> all = new LinkedHashMap<>();

  Map<String, Object> all() {
    return all;
  }

  Figures put(String name, Number value) {
    all.put(name, value);
    return this;
  }

  /** Jobs a second, and what they cost. */
  Figures throughput(Measured measured) {
    all.putAll(measured.cost());
    return this;
  }

  /** From when a job was due to its handler, in microseconds. */
  Figures latency(Measured measured) {
    return percentiles("p50", "p99", measured.lateness(), 1e3);
  }

  /** The median and the 99th percentile in a larger unit. */
  Figures percentiles(String p50, String p99, Histogram histogram, double unit) {
    put(p50, histogram.getValueAtPercentile(50) / unit);
    return put(p99, histogram.getValueAtPercentile(99) / unit);
  }

  /** What the process takes up now, while its queues are open. */
  Figures memory() throws IOException {
    put("heapBytes", Memory.liveHeapBytes());
    return put("peakResidentBytes", Memory.peakResidentBytes());
  }
}
