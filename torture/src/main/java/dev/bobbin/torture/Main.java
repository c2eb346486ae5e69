package dev.bobbin.torture;

import dev.bobbin.torture.corrupt.Corrupt;
import dev.bobbin.torture.fuzz.Fuzz;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code torture/run}: one subcommand for each campaign. */
@Command(
    name = "torture/run",
    description = "Does to Bobbin what must not hurt it, and checks that it did not.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "CAMPAIGN",
    subcommands = {Corrupt.class, Fuzz.class})
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one campaign; returns 0 if it found no fault, 1 if it did, 3 if it cannot run here. */
  public static int run(String... args) {
    CommandLine command = new CommandLine(new Main());
    if (args.length == 0) {
      command.usage(System.out);
      return 2;
    }
    return command.execute(args);
  }
}
