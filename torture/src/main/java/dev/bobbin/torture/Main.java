package dev.bobbin.torture;

import dev.bobbin.torture.bite.BiteCampaign;
import dev.bobbin.torture.clocks.ClockCampaign;
import dev.bobbin.torture.corrupt.Corrupt;
import dev.bobbin.torture.disk.ErrorsCampaign;
import dev.bobbin.torture.disk.SlowCampaign;
import dev.bobbin.torture.disk.TornCampaign;
import dev.bobbin.torture.full.FullCampaign;
import dev.bobbin.torture.fuzz.Fuzz;
import dev.bobbin.torture.interrupts.InterruptCampaign;
import dev.bobbin.torture.kill.KillCampaign;
import dev.bobbin.torture.machine.MachineCampaign;
import dev.bobbin.torture.owners.OwnerCampaign;
import dev.bobbin.torture.races.Races;
import dev.bobbin.torture.soak.SoakCampaign;
import dev.bobbin.torture.stopped.StoppedCampaign;
import dev.bobbin.torture.strace.StraceCampaign;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command {@code torture/run}: one subcommand for each campaign. */
@Command(
    name = "torture/run",
    description = "Does to Bobbin what must not hurt it, and checks that it did not.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT, // the campaigns have the help options, too
    synopsisSubcommandLabel = "CAMPAIGN",
    subcommands = {
      KillCampaign.class,
      MachineCampaign.class,
      TornCampaign.class,
      ErrorsCampaign.class,
      StraceCampaign.class,
      FullCampaign.class,
      BiteCampaign.class,
      ClockCampaign.class,
      Corrupt.class,
      Fuzz.class,
      InterruptCampaign.class,
      OwnerCampaign.class,
      Races.class,
      SlowCampaign.class,
      SoakCampaign.class,
      StoppedCampaign.class,
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one campaign; returns 0 if it found no fault, 1 if it did, 3 if it cannot run here. */
  public static int run(String... args) {
    CommandLine command = command();
    if (args.length == 0) {
      command.usage(System.out);
      return 2;
    }
    return command.execute(args);
  }

  static CommandLine command() {
    return new CommandLine(new Main());
  }
}
