package dev.bobbin.cli.drain;

import dev.bobbin.BobbinException;
import dev.bobbin.cli.ExitCode;
import dev.bobbin.cli.output.Output;
import dev.bobbin.cli.output.Terminals;
import dev.bobbin.cli.store.Store;
import dev.bobbin.kafka.KafkaOptions;
import dev.bobbin.kafka.Migration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bobbin drain}: hands everything unfinished over to Kafka, or takes it back. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Moves everything unfinished from a directory to Kafka, or back.", ""},
    description = {
      "",
      "Ready jobs, delayed ones with their due times and dead letters move, each with its id, "
          + "attempts and headers. A job leaves where it was when it is safe where it goes: killed at "
          + "any moment and begun anew, nothing is lost, and what was under way may be there twice, "
          + "with the same id.",
      "",
      "KAFKA is kafka://host:port, several with commas; ?prefix=NAME and further parameters behind "
          + "it are those of KafkaOptions.parse.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 everything was moved, 5 a process holds DIR, 4 DIR is damaged, 2 wrong command "
          + "line, 1 any other error: what was not moved is still there."
    })
public final class DrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "DIR", description = "A directory of Bobbin.")
  private Path dir = Path.of("");

  @ArgGroup(multiplicity = "1")
  private Direction direction = new Direction();

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "Only this queue; may be there several times. Default: all.")
  private List<String> queues = new ArrayList<>();

  /** One of the two. */
  private static final class Direction {
    @Option(
        names = "--to",
        paramLabel = "KAFKA",
        converter = KafkaAddress.class,
        required = true,
        description = "Move from DIR to these brokers.")
    private @Nullable KafkaOptions to;

    @Option(
        names = "--from",
        paramLabel = "KAFKA",
        converter = KafkaAddress.class,
        required = true,
        description = "Move from these brokers to DIR, which is created if it is absent.")
    private @Nullable KafkaOptions from;
  }

  /** Made by picocli. */
  public DrainCommand() {}

  @Override
  public Integer call() {
    List<MovedQueue> moved = new ArrayList<>();
    for (String queue : names()) {
      moved.add(new MovedQueue(queue, move(queue)));
    }
    output.print(MovedQueue.COLUMNS, moved);
    return ExitCode.OK;
  }

  private List<String> names() {
    List<String> there;
    if (direction.to == null) {
      there = Migration.queueNames(Objects.requireNonNull(direction.from));
    } else {
      try (Store store = Store.open(dir)) {
        there = store.names();
      }
    }
    for (String queue : queues) {
      if (!there.contains(queue)) {
        throw new BobbinException(
            "there is no queue '" + queue + "'; there are: " + String.join(", ", there));
      }
    }
    return queues.isEmpty() ? there : queues;
  }

  private long move(String queue) {
    PrintWriter err = spec.commandLine().getErr();
    if (!Terminals.isStandardErrorOne()) {
      return move(queue, (done, total) -> {});
    }
    try (MoveBar bar = new MoveBar(err, queue)) {
      return move(queue, bar);
    }
  }

  private long move(String queue, Migration.Listener listener) {
    return direction.to != null
        ? Migration.toKafka(dir, queue, direction.to, listener)
        : Migration.toDirectory(Objects.requireNonNull(direction.from), queue, dir, listener);
  }
}
