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
 * @param lateness from when a job was due to its handler, in nanoseconds; empty if there was no
 *     pace
 */
public record Measured(
    long jobs, double seconds, double cpuSeconds, long writtenBytes, Histogram lateness) {
  /** As figures by name; the lateness in microseconds. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("jobs", jobs);
    json.put("seconds", seconds);
    json.put("jobsPerSecond", jobs / seconds);
    json.put("cpuSecondsPerMillion", cpuSeconds / jobs * 1e6);
    json.put("writtenBytesPerJob", (double) writtenBytes / jobs);
    if (lateness.getTotalCount() > 0) {
      json.put("p50", lateness.getValueAtPercentile(50) / 1e3);
      json.put("p99", lateness.getValueAtPercentile(99) / 1e3);
      json.put("p99.9", lateness.getValueAtPercentile(99.9) / 1e3);
      json.put("max", lateness.getMaxValue() / 1e3);
    }
    return json;
  }
}
