package dev.bobbin.benchmarks;

import dev.bobbin.cli.bench.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is asked of every measurement, and said of it. */
abstract class Measuring implements Callable<Integer> {
  /** Their own options come first in the help. */
  private static final int LAST = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--dir",
      order = LAST,
      paramLabel = "DIR",
      description = "Put all data here; in the system's temporary directory by default.")
  private Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  @Option(
      names = "--report",
      order = LAST + 1,
      paramLabel = "DIR",
      description = "Write report.md, report.json and charts (PNG and SVG) here.")
  private @Nullable Path report;

  @Option(
      names = "--jvm-option",
      order = LAST + 2,
      paramLabel = "OPTION",
      description =
          "An option for each JVM that is measured, instead of those it has by default; may be "
              + "repeated. The report names them.")
  private List<String> jvmOptions = new ArrayList<>();

  private final List<String> defaultJvmOptions;

  /** {@code defaultJvmOptions} are those of each JVM that is measured. */
  Measuring(String... defaultJvmOptions) {
    this.defaultJvmOptions = List.of(defaultJvmOptions);
  }

  final Path directory() {
    return directory;
  }

  final @Nullable Path report() {
    return report;
  }

  final List<String> jvmOptions() {
    return jvmOptions.isEmpty() ? defaultJvmOptions : jvmOptions;
  }

  /** What the report says of machine and circumstances. */
  final List<String> facts(String... more) {
    List<String> facts = new ArrayList<>(Machine.facts(directory));
    facts.add("options of each JVM: " + String.join(" ", jvmOptions()));
    facts.addAll(List.of(more));
    facts.add("commit: " + System.getenv().getOrDefault("BOBBIN_COMMIT", "unknown"));
    return facts;
  }

  final String command() {
    return "./bobbin bench " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  final ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  static void say(String line) {
    System.err.println("bench: " + line);
  }
}
