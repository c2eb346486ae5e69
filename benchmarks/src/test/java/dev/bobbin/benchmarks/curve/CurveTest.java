package dev.bobbin.benchmarks.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At each curve's points every job arrives, and the figures are there. */
@Timeout(120)
class CurveTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "payload, 16, memoryJobsPerSecond",
    "payload, 65536, memoryJobsPerSecond",
    "threads, 4, memoryJobsPerSecond",
    "producers, 3, memoryJobsPerSecond",
    "workers, 3, memoryJobsPerSecond",
    "batch, 1, memoryJobsPerSecond",
    "queues, 1, p99",
    "queues, 5, oneQueueJobsPerSecond",
    "backlog, 0, submitP99",
    "backlog, 20000, fillJobsPerSecond",
    "delayed, 0, p99",
    "delayed, 1000, dueMillisP99",
    "failing, 0, memoryJobsPerSecond",
    "failing, 50, memoryJobsPerSecond",
    "flush, 0, p99",
    "flush, 1, p99"
  })
  void everyJobArrives(String label, long size, String figure) throws Exception {
    Curve curve = Curve.labelled(label).orElseThrow();
    Map<String, Object> figures = curve.measure("measure", size, new Place(directory, 0.02, 1000));
    assertThat(figures)
        .containsKeys(
            "jobsPerSecond", "writtenBytesPerJob", "heapBytes", "peakResidentBytes", figure);
    assertThat(((Number) figures.get("jobsPerSecond")).doubleValue()).isPositive();
  }

  @Test
  void sizeOutsideTheRangeIsNamedWithIt() {
    assertThatThrownBy(() -> Curve.FAILING.require(101))
        .hasMessage("sizes of failing must be from 0 to 100, found 101");
  }

  @Test
  void fullSizesAreTheGoal() {
    assertThat(Curve.BACKLOG.fullSizes()).contains(0L, 100_000_000L);
    assertThat(Curve.DELAYED.fullSizes()).contains(0L, 10_000_000L);
    for (Curve curve : Curve.values()) {
      assertThat(curve.fullSizes()).containsAll(curve.sizes()).isSorted();
      curve.fullSizes().forEach(curve::require);
    }
  }
}
