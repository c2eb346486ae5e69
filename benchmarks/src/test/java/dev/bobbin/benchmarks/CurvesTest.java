package dev.bobbin.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command measures each point in processes of its own and writes a report. */
@Timeout(120)
class CurvesTest {
  @TempDir Path directory;

  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--rounds", "1", "--seconds", "0.02"));
    all.addAll(List.of("--jvm-option=-XX:TieredStopAtLevel=1", "--jvm-option=-XX:+UseSerialGC"));
    all.addAll(List.of("--dir", directory.resolve("data").toString()));
    all.addAll(List.of("--report", directory.resolve("report").toString()));
    CommandLine command = new CommandLine(new Curves());
    command.setErr(new PrintWriter(errors, true));
    return command.execute(all.toArray(new String[0]));
  }

  @Test
  void reportHasATableAndChartsOfEachCurve() throws Exception {
    assertThat(run("--curves=recovery,failing", "--points=recovery=0,3000", "--points=failing=10"))
        .isZero();
    Path report = directory.resolve("report");
    assertThat(Files.readString(report.resolve("report.md")))
        .contains("| jobs that wait when it dies | filled, jobs/s |", "| 3,000 | ", "| 10 | ")
        .contains("](recovery-recovery.png)", "- commit: ");
    Map<?, ?> curves =
        (Map<?, ?>) JSON.std.mapFrom(Files.readString(report.resolve("report.json"))).get("curves");
    assertThat(curves.toString()).contains("recoverySeconds", "reopenSeconds", "p99");
    for (String chart : List.of("recovery-recovery", "failing-latency", "failing-memory")) {
      assertThat(report.resolve(chart + ".png")).isNotEmptyFile();
      assertThat(report.resolve(chart + ".svg")).isNotEmptyFile();
    }
    assertThat(directory.resolve("data")).isEmptyDirectory();
  }

  @Test
  void pointThatCannotBeMeasuredIsLeftOut() throws Exception {
    // No JVM starts with so little.
    assertThat(run("--curves=flush", "--points=flush=50", "--jvm-option=-Xmx1k")).isEqualTo(1);
    assertThat(directory.resolve("data")).isEmptyDirectory();
  }

  @Test
  void wrongNamesAndSizesAreStatus2() {
    assertThat(run("--curves=height")).isEqualTo(2);
    assertThat(run("--curves", "--points", "payload=15")).isEqualTo(2);
    assertThat(run("--curves", "--points", "payload=many")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("found 'height'", "from 16 to 1048576, found 15", "found 'many'");
  }
}
