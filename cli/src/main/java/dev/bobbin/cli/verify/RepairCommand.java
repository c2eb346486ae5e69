package dev.bobbin.cli.verify;

import dev.bobbin.LostBytes;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bobbin repair}: brings damaged queues to a state in which they open again. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Makes damaged queues open again.", ""},
    description = {
      "",
      "Keeps every unfinished job that checks out, and says where nothing could be kept. What is "
          + "changed is copied first, to a folder repaired-TIME in DIR. Jobs whose acks were damaged "
          + "are delivered again. A repair that was killed can be run again.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 every queue opens, 4 one needs a backup (with --dry-run: something is damaged), "
          + "5 a process holds DIR, 2 wrong command line, 1 any other error."
    })
public final class RepairCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "DIR", description = "A directory of Bobbin.")
  private Path dir = Path.of("");

  @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
  private boolean dryRun;

  /** Made by picocli. */
  public RepairCommand() {}

  @Override
  public Integer call() {
    RepairReport report;
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
      RepairOptions options = RepairOptions.defaults().withDryRun(dryRun).withListener(progress);
      report = Maintenance.repair(dir, options);
    }
    report.damages().forEach(damage -> output.say(damage.toString()));
    report.queues().forEach(this::say);
    @Nullable String copies = report.copies().map(Path::toString).orElse(null);
    if (copies != null) {
      output.say("what was changed lies as it was in " + copies);
    }
    output.print(
        RepairedQueue.COLUMNS,
        report.queues().stream().map(queue -> new RepairedQueue(queue, copies)).toList());
    return isLeft(report) ? ExitCode.CORRUPT : ExitCode.OK;
  }

  private static boolean isLeft(RepairReport report) {
    boolean planned =
        !report.damages().isEmpty()
            || report.queues().stream()
                .anyMatch(queue -> queue.outcome() == QueueRepair.Outcome.REPAIRABLE);
    return report.needsBackup() || (report.dryRun() && planned);
  }

  private void say(QueueRepair queue) {
    queue.damages().forEach(damage -> output.say(damage.toString()));
    for (LostBytes lost : queue.lost()) {
      output.say(
          lost.file()
              + " at offset "
              + lost.offset()
              + ": no job could be saved out of "
              + lost.bytes()
              + " bytes");
    }
    if (!queue.note().isEmpty()) {
      output.say(queue.queue() + ": " + queue.note());
    }
  }
}
