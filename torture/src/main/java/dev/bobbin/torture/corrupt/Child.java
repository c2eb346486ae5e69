package dev.bobbin.torture.corrupt;

import dev.bobbin.torture.Jvm;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that does a part of the work, with a small heap: whoever believes a length that was
 * made up runs out of it. It says what it counted and found in lines; that it hangs or dies is a
 * fault.
 */
final class Child {
  private static final String HEAP = "-Xmx192m";
  private static final String DIRECT = "-XX:MaxDirectMemorySize=64m";

  /** No trial takes as long, on whatever machine. */
  private static final long HANG_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Path scratch;
  private final Path output;
  private final Process process;

  Child(Class<?> main, List<String> args, Path scratch) throws IOException {
    this.scratch = scratch;
    this.output = scratch.resolve("output");
    List<String> all = new ArrayList<>();
    all.add(scratch.toString());
    all.addAll(args);
    List<String> options = List.of(HEAP, DIRECT, "-XX:ErrorFile=" + scratch.resolve("hs_err.log"));
    this.process =
        new ProcessBuilder(Jvm.command(options, main, all))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  /** Waits for its end and adds what it counted. */
  void await(Report report) throws IOException, InterruptedException {
    String last = "";
    long since = System.nanoTime();
    while (!process.waitFor(1, TimeUnit.SECONDS)) {
      String now = progress();
      if (!now.equals(last)) {
        last = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > HANG_NANOS) {
        process.destroyForcibly().waitFor();
        report.fault("hangs at " + last + ", see " + scratch);
      }
    }
    try (Stream<String> lines = Files.lines(output)) {
      lines.forEach(line -> line(report, line));
    }
    if (process.exitValue() != 0) {
      report.fault(
          "the process ended with %d at %s, see %s"
              .formatted(process.exitValue(), progress(), scratch));
    }
  }

  private static void line(Report report, String line) {
    if (line.startsWith("count ")) {
      String[] words = line.split(" ", 3);
      report.count(words[2], Long.parseLong(words[1]));
    } else if (line.startsWith("fault ")) {
      report.fault(line.substring("fault ".length()));
    }
  }

  /** What the process is at. */
  private String progress() throws IOException {
    Path file = scratch.resolve(Worker.PROGRESS);
    String text = Files.exists(file) ? Files.readString(file) : "";
    return text.isEmpty() ? "none" : text.strip();
  }
}
