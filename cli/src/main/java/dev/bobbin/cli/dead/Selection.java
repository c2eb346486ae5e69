package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobId;
import dev.bobbin.cli.output.Printer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which dead letters are meant: some by their ids, those of one error, or all. A mixin. */
final class Selection extends Target {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      converter = JobIdConverter.class,
      description = "The dead letters with these ids, as 'list' prints them.")
  private List<JobId> ids = new ArrayList<>();

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  @Option(
      names = "--error",
      paramLabel = "TEXT",
      description = "Those of this error, written as 'groups' prints it.")
  private @Nullable String error;

  /** Made by picocli. */
  Selection() {}

  /** Refuses a command line that says nothing or too much; to be called before anything is done. */
  void check() {
    int said = (all ? 1 : 0) + (error == null ? 0 : 1) + (ids.isEmpty() ? 0 : 1);
    if (said != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "say which dead letters: ids, --error TEXT or --all, one of the three");
    }
  }

  /** Whether the letters are named one by one. */
  boolean byId() {
    return !ids.isEmpty();
  }

  /** Whether all are meant. */
  boolean all() {
    return all;
  }

  /** The ids that were given, each once. */
  Set<JobId> ids() {
    return new LinkedHashSet<>(ids);
  }

  /** Whether {@code letter} is meant. */
  boolean wants(DeadLetter letter) {
    return all || letter.error().equals(error) || ids.contains(letter.id());
  }

  /** Says which of the ids are no dead letters, and returns how many these are. */
  int sayMissing(DeadLetters letters, Printer printer) {
    int missing = 0;
    for (JobId id : ids()) {
      if (letters.find(id).isEmpty()) {
        printer.say("there is no dead letter " + id);
        missing++;
      }
    }
    return missing;
  }
}
