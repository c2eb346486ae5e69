package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetters;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Json;
import dev.bobbin.cli.output.Printer;
import dev.bobbin.cli.output.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bobbin dead export}: all dead letters with their payloads, for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Writes all dead letters as lines of JSON, payloads included.", ""},
    description = {
      "",
      "A payload is there in Base64, and as text too if it is text. The letters stay where they "
          + "are.",
      ""
    })
final class ExportCommand implements Callable<Integer> {
  /** How many letters go out between two looks at whether anybody reads them. */
  private static final int LETTERS_PER_FLUSH = 100;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description =
          "Write to FILE, which only its owner can read and which appears when it is whole; to "
              + "standard output by default.")
  private @Nullable Path file;

  @Option(names = "--force", description = "Replace FILE if it exists.")
  private boolean force;

  /** Made by picocli. */
  ExportCommand() {}

  @Override
  public Integer call() throws Exception {
    Path to = file;
    if (to == null) {
      if (force) {
        throw new ParameterException(spec.commandLine(), "--force needs --to FILE");
      }
      return target.open(this::print);
    }
    NewFile.check(to, force);
    return target.open((queue, letters) -> write(queue, letters, to));
  }

  private int print(String queue, DeadLetters letters) {
    Printer printer = new Printer(spec);
    int[] count = {0};
    letters.forEach(
        letter -> {
          printer.line(Json.line(new LetterItem(queue, letter).whole()));
          if (++count[0] % LETTERS_PER_FLUSH == 0) {
            printer.flush();
          }
        });
    printer.flush();
    return ExitCode.OK;
  }

  private int write(String queue, DeadLetters letters, Path to) throws IOException {
    long[] count = {0};
    try (NewFile out = NewFile.create(to, force)) {
      letters.forEach(
          letter -> {
            out.line(Json.line(new LetterItem(queue, letter).whole()));
            count[0]++;
          });
      out.finish();
    }
    new Printer(spec).say(Sizes.count(count[0]) + " dead letters written to " + to);
    return ExitCode.OK;
  }
}
