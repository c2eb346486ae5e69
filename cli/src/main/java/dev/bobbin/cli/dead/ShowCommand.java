package dev.bobbin.cli.dead;

import dev.bobbin.BobbinException;
import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobId;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import dev.bobbin.cli.output.Printer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bobbin dead show}: all there is about one dead letter. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Shows one dead letter: its payload as text if it is text, else its bytes.", ""})
final class ShowCommand implements Callable<Integer> {
  @Mixin private Target target = new Target();

  @Parameters(
      index = "1",
      paramLabel = "ID",
      converter = JobIdConverter.class,
      description = "The letter's id, as 'list' prints it.")
  private JobId id = new JobId(0, 0);

  @Mixin private Output output = new Output();

  /** Made by picocli. */
  ShowCommand() {}

  @Override
  public Integer call() throws Exception {
    return target.open(this::show);
  }

  private int show(String queue, DeadLetters letters) {
    DeadLetter letter =
        letters
            .find(id)
            .orElseThrow(() -> new BobbinException("queue " + queue + " has no dead letter " + id));
    if (output.format() == Output.Format.TABLE) {
      Printer printer = output.printer();
      LetterText.of(queue, letter).forEach(printer::line);
      printer.flush();
    } else {
      output.document(new LetterItem(queue, letter).whole());
    }
    return ExitCode.OK;
  }
}
