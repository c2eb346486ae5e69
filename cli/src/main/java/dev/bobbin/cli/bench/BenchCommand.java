package dev.bobbin.cli.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.bobbin.cli.output.Plain;
import dev.bobbin.cli.output.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bobbin bench}: measures the queue and says what is asked of it. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = {"Measures the queue on this machine, every payload checked.", ""},
    description = {
      "",
      "One producer, one worker, one JVM, jobs of 100 bytes. Each row warms up for a round; of the "
          + "rounds after it the median counts. All rows together take about ten minutes and 4 GB of disk.",
      ""
    },
    footer = {
      "",
      "Rows: memory-raw, directory-raw, directory-bytes, directory-raw-1k, sync-1, sync-64, "
          + "latency-50k, idle, elision, backlog, delayed, retry-storm, queues-1000, neighbour.",
      "",
      "Exit status: 0 measured, whether or not the targets are met; 1 a payload was lost or wrong."
    })
public final class BenchCommand implements Callable<Integer> {
  enum Format {
    TEXT,
    JSON;

    /** As users write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--row",
      paramLabel = "NAME",
      description = "Measure this row only; may be repeated.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "text: a table at the end; json: an object per row, each as soon as it is known.")
  private Format format = Format.TEXT;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Length of a round, 0.01 to 3600; 3 by default (10 for idle, 30 for elision).")
  private @Nullable Double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds after the first, 1 to 1000; ${DEFAULT-VALUE} by default.")
  private int rounds = 5;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Put the queues' directories here; in the system's temporary one by default.")
  private Path dir = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  @Option(
      names = "--against",
      arity = "0..1",
      fallbackValue = "all",
      paramLabel = "NAME[,NAME...]",
      description =
          "Carry the same jobs through other queues, side by side; only from a checkout, see "
              + "./bobbin bench --against --help.")
  private @Nullable String against;

  @Option(
      names = "--curves",
      arity = "0..1",
      fallbackValue = "all",
      paramLabel = "NAME[,NAME...]",
      description =
          "Measure how cost grows with size, threads, queues, backlog and more; only from a checkout, "
              + "see ./bobbin bench --curves --help.")
  private @Nullable String curves;

  /** Made by picocli. */
  public BenchCommand() {}

  @Override
  public Integer call() throws Exception {
    if (against != null) {
      throw wrong(
          "--against needs the other queues, which are not part of this command: run ./bobbin bench"
              + " --against in a checkout of Bobbin's sources");
    }
    if (curves != null) {
      throw wrong(
          "--curves needs the charts, which are not part of this command: run ./bobbin bench"
              + " --curves in a checkout of Bobbin's sources");
    }
    List<Row> rows = chosen();
    Files.createDirectories(dir);
    Machine.facts(dir).forEach(BenchCommand::say);
    Lab lab = new Lab(dir, seconds, rounds);
    List<Result> results = new ArrayList<>();
    for (Row row : rows) {
      say(row.name() + ": " + row.what());
      Result result = lab.result(row);
      results.add(result);
      if (format == Format.JSON) {
        print(JSON.std.asString(result.json()));
      } else {
        say(row.name() + ": " + result.measured());
      }
    }
    if (format == Format.TEXT) {
      table(rows, results).forEach(this::print);
    }
    return 0;
  }

  private static List<String> table(List<Row> rows, List<Result> results) {
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      cells.add(results.get(i).cells(rows.get(i).what()));
    }
    return Table.of(Result.COLUMNS, cells);
  }

  private List<Row> chosen() {
    if (seconds != null && !(seconds >= 0.01 && seconds <= 3600)) {
      throw wrong("--seconds must be from 0.01 to 3600, found " + seconds);
    }
    if (rounds < 1 || rounds > 1000) {
      throw wrong("--rounds must be from 1 to 1000, found " + rounds);
    }
    List<Row> all = Rows.all();
    for (String name : names) {
      if (all.stream().noneMatch(row -> row.name().equals(name))) {
        String known = all.stream().map(Row::name).collect(Collectors.joining(", "));
        throw wrong("--row must be one of " + known + ", found '" + name + "'");
      }
    }
    return all.stream().filter(row -> names.isEmpty() || names.contains(row.name())).toList();
  }

  private void print(String line) {
    System.out.println(Plain.lines(line));
  }

  private static void say(String line) {
    System.err.println("bobbin: " + Plain.line(line));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
