package dev.bobbin.cli.dead;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bobbin dead}: names its subcommands. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      GroupsCommand.class,
      RetryCommand.class,
      ExportCommand.class,
      PurgeCommand.class
    },
    header = {"The jobs that a queue has set aside.", ""},
    description = {
      "",
      "Opens the queue, which recovers it as its program would, and runs no job. A directory that "
          + "a process holds is left alone: use that program's JobQueue.deadLetters().",
      ""
    },
    footer = {
      "",
      "Exit status: 0 done, 1 not all of it, 2 wrong command line, 4 the queue is damaged, 5 a "
          + "process holds DIR."
    })
public final class DeadCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Made by picocli. */
  public DeadCommand() {}

  @Override
  public void run() {
    String commands = String.join(", ", spec.subcommands().keySet());
    throw new ParameterException(
        spec.commandLine(), "a command is missing after 'dead': one of " + commands);
  }
}
