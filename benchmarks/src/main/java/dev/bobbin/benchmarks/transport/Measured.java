package dev.bobbin.benchmarks.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one round gave. Every job of it arrived.
 *
 * @param jobs different jobs
 * @param seconds from the first submit to the last arrival
 * @param cpuSeconds processor time of all processes meanwhile
 * @param writtenBytes what all processes caused to be written to disks meanwhile
 * @param submitSeconds from the first submit to the last
 * @param arrivedMeanwhile jobs that had arrived by then
 * @param lateness from when a job was due to its handler, in nanoseconds; empty if there was no
 *     pace
 */
public record Measured(
    long jobs,
    double seconds,
    double cpuSeconds,
    long writtenBytes,
    double submitSeconds,
    long arrivedMeanwhile,
    Histogram lateness) {
  /** Jobs a second. */
  public double throughput() {
    return jobs / seconds;
  }

  /** Jobs a second and what they cost, by name. */
  public Map<String, Object> cost() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("jobsPerSecond", throughput());
    figures.put("cpuSecondsPerMillion", cpuSeconds / jobs * 1e6);
    figures.put("writtenBytesPerJob", (double) writtenBytes / jobs);
    return figures;
  }

  /** As figures by name; the lateness in microseconds. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("jobs", jobs);
    json.put("seconds", seconds);
    json.putAll(cost());
    if (lateness.getTotalCount() > 0) {
      json.put("p50", lateness.getValueAtPercentile(50) / 1e3);
      json.put("p99", lateness.getValueAtPercentile(99) / 1e3);
      json.put("p99.9", lateness.getValueAtPercentile(99.9) / 1e3);
      json.put("max", lateness.getMaxValue() / 1e3);
    }
    return json;
  }
}
