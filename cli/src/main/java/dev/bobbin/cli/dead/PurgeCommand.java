package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetters;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Printer;
import dev.bobbin.cli.output.Sizes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bobbin dead purge}: deletes dead letters for good. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Deletes dead letters for good.", ""},
    description = {
      "",
      "With --all or --error it asks first on a terminal, and needs --yes elsewhere. 'export' keeps "
          + "a copy.",
      ""
    })
final class PurgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Selection selection = new Selection();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  /** Made by picocli. */
  PurgeCommand() {}

  @Override
  public Integer call() throws Exception {
    selection.check();
    boolean ask = !yes && !selection.byId();
    if (ask && !Question.possible()) {
      throw new ParameterException(
          spec.commandLine(), "there is no terminal to ask on: say --yes to purge them all");
    }
    return selection.open((queue, letters) -> purge(queue, letters, ask));
  }

  private int purge(String queue, DeadLetters letters, boolean ask) throws Exception {
    Printer printer = new Printer(spec);
    int missing = selection.sayMissing(letters, printer);
    if (ask && !Question.ask(spec.commandLine().getErr(), question(queue, letters))) {
      printer.say("nothing was purged");
      return ExitCode.FAILED;
    }
    long purged = purge(letters);
    printer.line(
        Sizes.count(purged) + " purged, " + Sizes.count(letters.count()) + " dead letters left");
    printer.flush();
    return missing > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private String question(String queue, DeadLetters letters) {
    String which = selection.all() ? "all " : "those of this error among the ";
    return "Purge " + which + Sizes.count(letters.count()) + " dead letters of " + queue + "?";
  }

  private long purge(DeadLetters letters) {
    if (selection.byId()) {
      return letters.purge(selection.ids());
    }
    return selection.all() ? letters.purgeAll() : letters.purgeIf(selection::wants);
  }
}
