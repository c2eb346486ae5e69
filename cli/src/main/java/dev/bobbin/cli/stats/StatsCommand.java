package dev.bobbin.cli.stats;

import dev.bobbin.BobbinException;
import dev.bobbin.JobQueue;
import dev.bobbin.StoredQueue;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import dev.bobbin.cli.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bobbin stats}: opens one queue after the other and prints what it says of itself. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"What the queues of a directory hold.", ""},
    description = {
      "",
      "Opens each queue, which recovers it as its program would, runs no job, and closes it. "
          + "A directory that a process holds is left alone: ask that program for its status.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 done, 4 a queue is damaged, 5 a process holds DIR, 2 wrong command line, 1 "
          + "any other error."
    })
public final class StatsCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "DIR", description = "A directory of Bobbin.")
  private Path dir = Path.of("");

  @Option(names = "--queue", paramLabel = "NAME", description = "This queue only.")
  private @Nullable String name;

  /** Made by picocli. */
  public StatsCommand() {}

  @Override
  public Integer call() {
    try (Store store = Store.open(dir)) {
      List<String> names = name == null ? store.names() : List.of(store.name(name));
      List<QueueStats> stats = new ArrayList<>();
      int status = ExitCode.OK;
      for (String each : names) {
        try {
          stats.add(look(store, each));
        } catch (BobbinException e) {
          // The others can still be told about.
          output.say(String.valueOf(e.getMessage()));
          stats.add(QueueStats.unreadable(each, e));
          status = Math.max(status, ExitCode.of(e));
        }
      }
      if (names.isEmpty()) {
        output.say(dir + " has no queues");
      }
      output.print(QueueStats.COLUMNS, stats);
      return status;
    }
  }

  private static QueueStats look(Store store, String name) {
    StoredQueue stored = store.stored(name);
    try (JobQueue<byte[]> queue = store.open(stored)) {
      return QueueStats.of(stored, queue);
    }
  }
}
