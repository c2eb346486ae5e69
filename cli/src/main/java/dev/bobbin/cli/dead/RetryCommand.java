package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetters;
import dev.bobbin.RefusedException;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Printer;
import dev.bobbin.cli.output.Sizes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bobbin dead retry}: makes dead letters jobs again. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Makes dead letters jobs again.", ""},
    description = {
      "",
      "They keep their ids, begin with attempt 1, and are ready for the workers of the program "
          + "that opens the directory next. Ctrl-C ends it between two letters.",
      ""
    })
final class RetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Selection selection = new Selection();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most N a second, 0.001 to 1000000000; as fast as it goes by default.")
  private @Nullable Double rate;

  /** Made by picocli. */
  RetryCommand() {}

  @Override
  public Integer call() throws Exception {
    selection.check();
    if (rate != null && !(rate >= 0.001 && rate <= 1e9)) {
      throw new ParameterException(
          spec.commandLine(), "--rate must be from 0.001 to 1000000000, found " + rate);
    }
    return selection.open(this::retry);
  }

  private int retry(String queue, DeadLetters letters) {
    int missing = selection.sayMissing(letters, new Printer(spec));
    long retried;
    try {
      retried = retry(letters);
    } catch (RefusedException e) {
      say(e.accepted(), letters);
      throw e;
    }
    say(retried, letters);
    return missing > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private long retry(DeadLetters letters) {
    if (rate != null) {
      return letters.retryIf(selection::wants, rate);
    }
    return selection.byId() ? letters.retry(selection.ids()) : letters.retryIf(selection::wants);
  }

  private void say(long retried, DeadLetters letters) {
    Printer printer = new Printer(spec);
    printer.line(
        Sizes.count(retried) + " retried, " + Sizes.count(letters.count()) + " dead letters left");
    printer.flush();
  }
}
