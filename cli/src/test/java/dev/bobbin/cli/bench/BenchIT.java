package dev.bobbin.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That the benchmark measures and says what it should; how fast the queue is, is not this test's
 * business.
 */
class BenchIT {
  @TempDir Path scratch;

  @Test
  void jsonIsAnObjectPerRow() throws Exception {
    Finished bench =
        new Cli(scratch)
            .run("bench", "-o", "json", "--seconds", "0.1", "--rounds", "2", "--dir", "" + scratch);
    assertThat(bench.status()).as(bench.err()).isZero();
    List<String> names = new ArrayList<>();
    for (String line : bench.lines()) {
      Map<String, Object> row = JSON.std.mapFrom(line);
      names.add((String) row.get("row"));
      Map<?, ?> rate = (Map<?, ?>) row.get("jobsPerSecond");
      assertThat(rate.keySet().toString()).isEqualTo("[min, median, max]");
      if (!List.of("idle", "delayed", "queues-1000", "neighbour").contains(row.get("row"))) {
        assertThat(((Number) rate.get("min")).doubleValue()).as(line).isPositive();
      }
      assertThat(row.get("met")).isInstanceOf(Boolean.class);
    }
    assertThat(names)
        .containsExactly(
            "memory-raw",
            "directory-raw",
            "directory-bytes",
            "directory-raw-1k",
            "sync-1",
            "sync-64",
            "latency-50k",
            "idle",
            "elision",
            "backlog",
            "delayed",
            "retry-storm",
            "queues-1000",
            "neighbour");
    assertThat(bench.out())
        .contains(
            "\"p99\"", "\"ratio\"", "\"cpuPercent\"", "\"writtenBytes\"", "\"timesBareForce\"");
    assertThat(bench.err()).contains("machine: ", "java: ", "directory: ");
    assertThat(scratch.toFile().list()).noneMatch(name -> name.startsWith("bobbin-bench"));
  }

  @Test
  void textIsATable() throws Exception {
    Finished bench =
        new Cli(scratch).run("bench", "--row", "memory-raw", "--seconds", "0.05", "--rounds", "1");
    assertThat(bench.status()).isZero();
    assertThat(bench.lines()).hasSize(3).allMatch(line -> line.matches("\\|.*\\|"));
    assertThat(bench.lines().get(2)).contains("memory-raw", "million jobs/s");
    assertThat(bench.lines().stream().mapToInt(String::length).distinct().count()).isEqualTo(1);
  }
}
