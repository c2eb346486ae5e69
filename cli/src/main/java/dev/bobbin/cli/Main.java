package dev.bobbin.cli;

import dev.bobbin.cli.bench.BenchCommand;
import dev.bobbin.cli.run.RunCommand;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code bobbin} command. Data goes to standard output and everything else to standard error;
 * the exit status is 2 for a wrong command line and 1 for an error, beside what a subcommand says.
 */
@Command(
    name = "bobbin",
    description = "A durable job queue that lives in one process.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RunCommand.class, BenchCommand.class},
    footer = {"", "'bobbin COMMAND --help' tells more about a command."})
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours; the environment variable NO_COLOR does the same.")
  private boolean noColor;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose; BOBBIN_DEBUG=1 does the same.")
  private boolean verbose;

  Main() {}

  /** Runs the command line and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }

  static CommandLine commandLine(String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    // Words after COMMAND are COMMAND's own, and an '@' in them is a plain letter.
    line.setExpandAtFiles(false);
    line.getSubcommands().get("run").setStopAtPositional(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // Help and errors are printed while the options are still unknown, so the word is looked up
    // here.
    boolean plain = Arrays.asList(args).contains("--no-color");
    line.setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.AUTO));
    line.setParameterExceptionHandler(Errors::wrongCommandLine);
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> Errors.failed(error, command, main.verbose));
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: run or bench");
  }
}
