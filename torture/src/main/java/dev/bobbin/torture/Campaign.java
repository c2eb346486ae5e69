package dev.bobbin.torture;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * One kind of fault, done again and again. Everything that chance decides follows from one seed, so
 * a run that found a fault can be repeated with the command that it prints. (Where threads race,
 * the seed repeats what was done, not the race.)
 */
public abstract class Campaign implements Callable<Integer> {
  static final int PASSED = 0;
  static final int FAILED = 1;
  static final int SKIPPED = 3;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What decides about everything that is left to chance; drawn if absent.")
  @Nullable Long seed;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Append a row of a Markdown table: date, commit, command, time, figures.")
  @Nullable Path record;

  private Report report = new Report();

  /** Runs the campaign to its end, or to the first fault after which going on makes no sense. */
  protected abstract Report run(long seed) throws Exception;

  @Override
  public final Integer call() throws Exception {
    long chosen =
        seed != null ? seed : Long.getLong("bobbin.seed", new SecureRandom().nextInt() & 0xFFFFFF);
    String command = command(chosen);
    PrintStream out = System.out;
    out.println(command);
    long began = System.nanoTime();
    report = run(chosen);
    Duration took = Duration.ofSeconds((System.nanoTime() - began) / 1_000_000_000L);
    if (report.skipped().isPresent()) {
      out.println("  not run: " + report.skipped().get());
      return SKIPPED;
    }
    out.println("  " + report.text() + " in " + took.toSeconds() + " s");
    report.faults().forEach(fault -> out.println("  FAULT " + fault));
    if (record != null) {
      record(record, command, took, report);
    }
    if (report.faults().isEmpty()) {
      return PASSED;
    }
    out.println("  replay with: " + command);
    return FAILED;
  }

  /** What the last run found, in words; empty if there was none. */
  final List<String> faults() {
    return report.faults();
  }

  /** The command that does this run again. */
  private String command(long chosen) {
    if (spec == null) {
      throw new IllegalStateException("a campaign is run by the command line");
    }
    StringBuilder command = new StringBuilder(spec.qualifiedName());
    spec.commandLine().getParseResult().matchedOptions().stream()
        .filter(option -> !List.of("--seed", "--record").contains(option.longestName()))
        .forEach(
            option -> {
              command.append(' ').append(option.longestName());
              if (option.arity().max() > 0) {
                command.append(' ').append(String.join(",", option.originalStringValues()));
              }
            });
    return command.append(" --seed ").append(chosen).toString();
  }

  private static void record(Path file, String command, Duration took, Report report)
      throws IOException {
    String row =
        "| %s | %s | `%s` | %d s | %s |%n"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                System.getenv().getOrDefault("BOBBIN_COMMIT", "unknown"),
                command,
                took.toSeconds(),
                report.text());
    Files.writeString(
        file, row, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
