package dev.bobbin.torture.fuzz;

import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The fuzzer at work on one target. */
record Run(Target target, Path folder, Path output, Process process) {
  private static final Pattern UNITS = Pattern.compile("stat::number_of_executed_units: (\\d+)");
  private static final Pattern COVERED = Pattern.compile("cov: (\\d+)");

  static Run start(Target target, Path folder, List<String> command) throws IOException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Run(target, folder, output, process);
  }

  /** Waits for its end: the fuzzer ends by itself. */
  void end(Report report) throws IOException, InterruptedException {
    int exit = process.waitFor();
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    String name = target.name().toLowerCase(Locale.ROOT);
    report.count("inputs to " + name, last(UNITS, text));
    report.max("edges in " + name, last(COVERED, text));
    if (exit == 0) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> inputs = files.filter(f -> isFinding(f.getFileName().toString())).toList();
      if (inputs.isEmpty()) {
        report.fault("the fuzzer ended with " + exit + " on " + name + ", see " + output);
      }
      for (Path input : inputs) {
        report.fault(
            "%s: %s, replay with: torture/run fuzz --target %s --input %s"
                .formatted(name, exception(text), name, input));
      }
    }
  }

  private static boolean isFinding(String file) {
    return file.startsWith("crash-") || file.startsWith("timeout-") || file.startsWith("oom-");
  }

  private static long last(Pattern pattern, String text) {
    long last = 0;
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      last = Long.parseLong(matcher.group(1));
    }
    return last;
  }

  private static String exception(String text) {
    int at = text.indexOf("== Java Exception: ");
    return at < 0 ? "see the output" : text.substring(at, text.indexOf('\n', at)).strip();
  }
}
