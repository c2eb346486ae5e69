package dev.bobbin.cli.dead;

import dev.bobbin.DeadLetters;
import dev.bobbin.JobQueue;
import dev.bobbin.cli.store.Store;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whose dead letters are meant. A mixin. */
class Target {
  @Parameters(index = "0", paramLabel = "DIR", description = "A directory of Bobbin.")
  private Path dir = Path.of("");

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "The queue; may be left out if there is only one.")
  private @Nullable String name;

  /** Made by picocli. */
  Target() {}

  /** What to do with them; may throw what the command line knows how to tell. */
  interface Work {
    int with(String queue, DeadLetters letters) throws Exception;
  }

  /** Opens the queue, does the work, and makes durable what it did. Returns its exit status. */
  final int open(Work work) throws Exception {
    try (Store store = Store.open(dir);
        JobQueue<byte[]> queue = store.open(store.stored(store.name(name)))) {
      return work.with(queue.name(), queue.deadLetters());
    }
  }
}
