package dev.bobbin.cli.verify;

import dev.bobbin.Damage;
import dev.bobbin.Maintenance;
import dev.bobbin.VerifyReport;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bobbin verify}: reads everything and says what is damaged. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Reads every block and job of a directory.", ""},
    description = {
      "",
      "Says how many jobs each queue holds and what is damaged, with file and offset. Changes "
          + "nothing. The unfinished write that a crash leaves at the end is no damage.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 healthy, 4 something is damaged, 5 a process holds DIR, 2 wrong command line, "
          + "1 any other error."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "DIR", description = "A directory of Bobbin.")
  private Path dir = Path.of("");

  /** Made by picocli. */
  public VerifyCommand() {}

  @Override
  public Integer call() {
    VerifyReport report;
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
      report = Maintenance.verify(dir, progress);
    }
    report.damages().forEach(this::say);
    report.queues().forEach(queue -> queue.damages().forEach(this::say));
    if (report.queues().isEmpty()) {
      output.say(dir + " has no queues");
    }
    output.print(VerifiedQueue.COLUMNS, report.queues().stream().map(VerifiedQueue::new).toList());
    return report.isHealthy() ? ExitCode.OK : ExitCode.CORRUPT;
  }

  private void say(Damage damage) {
    output.say(damage.toString());
  }
}
