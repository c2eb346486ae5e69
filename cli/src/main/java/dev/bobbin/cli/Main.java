package dev.bobbin.cli;

import dev.bobbin.cli.bench.BenchCommand;
import dev.bobbin.cli.dead.DeadCommand;
import dev.bobbin.cli.doctor.DoctorCommand;
import dev.bobbin.cli.drain.DrainCommand;
import dev.bobbin.cli.run.RunCommand;
import dev.bobbin.cli.stats.StatsCommand;
import dev.bobbin.cli.verify.RepairCommand;
import dev.bobbin.cli.verify.VerifyCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    footer = {"", "'bobbin COMMAND --help' tells more about a command."})
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose; BOBBIN_DEBUG=1 does the same.")
  private boolean verbose;

  Main() {}

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours; the environment variable NO_COLOR does the same.")
  void noColor(boolean wanted) {
    // Parsing comes before all printing.
    spec.root()
        .commandLine()
        .setColorScheme(CommandLine.Help.defaultColorScheme(wanted ? Ansi.OFF : Ansi.AUTO));
  }

  /** Runs the command line and ends the process with its exit status. */
  public static void main(String[] args) {
    CommandLine line = commandLine();
    // JSON is UTF-8 everywhere; and System.out would swallow a broken pipe.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    line.setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
    System.exit(line.execute(args));
  }

  static CommandLine commandLine() {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    // Words after COMMAND are COMMAND's own, and an '@' in them is a plain letter.
    line.addSubcommand(
        new CommandLine(new RunCommand())
            .setStopAtPositional(true)
            .setExitCodeExceptionMapper(ExitCode::of));
    line.addSubcommand(new BenchCommand());
    List<Object> maintaining =
        List.of(
            new StatsCommand(),
            new DeadCommand(),
            new VerifyCommand(),
            new RepairCommand(),
            new DoctorCommand(),
            new DrainCommand());
    for (Object command : maintaining) {
      line.addSubcommand(new CommandLine(command).setExitCodeExceptionMapper(ExitCode::of));
    }
    line.addSubcommand(new CompletionCommand());
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Errors::wrongCommandLine);
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> Errors.failed(error, command, main.verbose));
    return line;
  }

  @Override
  public void run() {
    String commands = String.join(", ", spec.subcommands().keySet());
    throw new ParameterException(spec.commandLine(), "a command is missing: one of " + commands);
  }
}
