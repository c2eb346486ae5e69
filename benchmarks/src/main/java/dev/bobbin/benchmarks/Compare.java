package dev.bobbin.benchmarks;

import dev.bobbin.benchmarks.report.Rounds;
import dev.bobbin.cli.bench.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two commits' own figures, by turns, and their ratios. */
@Command(
    name = "benchmarks/compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = {"Measures two commits by turns and prints the ratios of their figures.", ""},
    description = {
      "",
      "Each commit is built in a folder of its own (target/compare) and runs its own 'bobbin bench'. "
          + "A ratio is taken turn by turn, between two rounds that were measured one after the "
          + "other; the machine's moods cancel out. Who goes first changes with each turn.",
      ""
    })
final class Compare implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BASE", description = "A commit, branch or tag.")
  private String base = "";

  @Parameters(
      index = "1",
      paramLabel = "HEAD",
      arity = "0..1",
      defaultValue = ".",
      description = "Another one; without it, the work tree as it is.")
  private String head = ".";

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      description = "Rows of 'bobbin bench' that give jobs a second; ${DEFAULT-VALUE} by default.")
  private List<String> rows =
      List.of("memory-raw", "directory-raw", "directory-bytes", "directory-raw-1k", "sync-1");

  @Option(
      names = "--turns",
      paramLabel = "N",
      description = "How often each is measured; ${DEFAULT-VALUE} by default.")
  private int turns = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Length of a round, and of the one before it that warms up; ${DEFAULT-VALUE}.")
  private double seconds = 2;

  @Option(names = "--dir", paramLabel = "DIR", description = "Put the queues' data here.")
  private Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  /** Runs the command on the repository in the folder that the property bobbin.home names. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Compare()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path repository = Path.of(System.getProperty("bobbin.home", "."));
    Revision old = new Revision(repository, base);
    Revision now = new Revision(repository, head);
    System.out.println("| row | " + base + ", jobs/s | " + head + ", jobs/s | ratio |");
    System.out.println("|---|---|---|---|");
    for (String row : rows) {
      Rounds before = new Rounds(base, row, Map.of());
      Rounds after = new Rounds(head, row, Map.of());
      for (int turn = 0; turn < turns; turn++) {
        if (turn % 2 == 0) {
          before.add(old.measure(row, seconds, directory));
          after.add(now.measure(row, seconds, directory));
        } else {
          after.add(now.measure(row, seconds, directory));
          before.add(old.measure(row, seconds, directory));
        }
      }
      System.out.println(
          "| "
              + row
              + " | "
              + words(before)
              + " | "
              + words(after)
              + " | "
              + ratio(after, before)
              + " |");
    }
    return 0;
  }

  private static String words(Rounds rounds) {
    Spread rate = rounds.spread("jobsPerSecond");
    return String.format(
        Locale.ROOT, "%,.0f (%,.0f to %,.0f)", rate.median(), rate.min(), rate.max());
  }

  private static String ratio(Rounds after, Rounds before) {
    Spread ratio = after.ratio("jobsPerSecond", before);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", ratio.median(), ratio.min(), ratio.max());
  }
}
