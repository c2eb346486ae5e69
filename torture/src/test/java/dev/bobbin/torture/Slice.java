package dev.bobbin.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import picocli.CommandLine;

/** A campaign in small, as a test: the same command, fewer times. */
public final class Slice {
  private Slice() {}

  /** Runs {@code torture/run} with these arguments; a campaign that cannot run here is skipped. */
  public static void run(String... args) {
    CommandLine command = Main.command();
    int exit = command.execute(args);
    assumeTrue(exit != Campaign.SKIPPED, () -> args[0] + " cannot run here: see its output");
    CommandLine campaign = command.getParseResult().subcommand().commandSpec().commandLine();
    assertThat(campaign.<Campaign>getCommand().faults()).as("faults of %s", args[0]).isEmpty();
    assertThat(exit).as("exit code of torture/run %s: see its output", args[0]).isZero();
  }
}
