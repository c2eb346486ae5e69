package dev.bobbin.torture.bite;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.bite.Trial.Result;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Row 14: every planted bug is found by some campaign, and none of them cries without a bug. */
@Command(
    name = "bite",
    description = {
      "Plants the bugs of torture/bugs into a copy of the core, one at a time, and runs the campaigns that"
          + " should find them, in small.",
      "Runs each of these campaigns on the unchanged core, too: one that always finds something finds nothing."
    })
public final class BiteCampaign extends Campaign {
  @Option(
      names = "--bugs",
      defaultValue = "1000",
      description = "How many bugs to plant, the first ones by name; default: all.")
  int count;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Plant these bugs only.")
  List<String> only = List.of();

  @Option(
      names = "--campaigns",
      split = ",",
      paramLabel = "NAME",
      description = "Run these campaigns only.")
  List<String> campaigns = List.of();

  @Option(
      names = "--first",
      description = "Run only the first campaign that a bug names, and only on the bug.")
  boolean first;

  @Option(
      names = "--parallel",
      defaultValue = "2",
      paramLabel = "N",
      description = "How many campaigns run at once; default: ${DEFAULT-VALUE}.")
  int parallel;

  @Option(
      names = "--limit",
      defaultValue = "600",
      paramLabel = "SECONDS",
      description = "How long one campaign may take on one bug; default: ${DEFAULT-VALUE}.")
  long limitSeconds;

  @Option(
      names = "--home",
      paramLabel = "DIRECTORY",
      description = "The sources; default: where these classes were built.")
  @Nullable Path home;

  @Option(
      names = "--table",
      paramLabel = "FILE",
      description = "Write a Markdown table of all bugs.")
  @Nullable Path table;

  @Override
  protected Report run(long seed) throws Exception {
    Path root = home != null ? home : root();
    List<Bug> bugs =
        Bug.readAll(root.resolve("torture/bugs")).stream()
            .filter(bug -> only.isEmpty() || only.contains(bug.name()))
            .limit(count)
            .toList();
    Report report = new Report();
    Slices slices = new Slices(seed);
    Set<String> bad = first ? Set.of() : control(bugs, slices, report);
    List<Trial> trials = new ArrayList<>();
    for (List<Trial> of : each(bugs, bug -> plant(bug, root, slices, bad))) {
      trials.addAll(of);
    }
    for (Bug bug : bugs) {
      judge(bug, trials.stream().filter(t -> t.bug().equals(bug.name())).toList(), report);
    }
    if (table != null) {
      Files.write(table, Table.of(bugs, trials));
    }
    return report;
  }

  /** Runs every campaign that will be asked on the core as it is; returns those that cry. */
  private Set<String> control(List<Bug> bugs, Slices slices, Report report) throws Exception {
    Set<String> asked = new LinkedHashSet<>();
    bugs.forEach(bug -> bug.campaigns().stream().filter(this::isAsked).forEach(asked::add));
    asked.removeIf(campaign -> !slices.has(campaign));
    Set<String> bad = new LinkedHashSet<>();
    for (Trial trial : each(List.copyOf(asked), campaign -> control(campaign, slices))) {
      report.count("campaigns without a bug");
      if (trial.result() != Result.MISSED && trial.result() != Result.SKIPPED) {
        report.fault("campaign " + trial.campaign() + " without a bug: " + trial.said());
        bad.add(trial.campaign());
      }
    }
    return bad;
  }

  private Trial control(String campaign, Slices slices) throws Exception {
    Trial trial = Trial.run("-", List.of(), campaign, slices.of(campaign), limitSeconds);
    say(trial);
    return trial;
  }

  private interface Task<T, R> {
    R run(T of) throws Exception;
  }

  /** Runs {@code task} on all, several at once; the results are in their order. */
  private <T, R> List<R> each(List<T> all, Task<T, R> task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(parallel);
    try {
      List<Callable<R>> calls = new ArrayList<>();
      all.forEach(one -> calls.add(() -> task.run(one)));
      List<R> results = new ArrayList<>();
      for (Future<R> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean isAsked(String campaign) {
    return campaigns.isEmpty() || campaigns.contains(campaign);
  }

  private List<Trial> plant(Bug bug, Path root, Slices slices, Set<String> bad) throws Exception {
    Path folder = Files.createTempDirectory("bobbin-bug");
    try {
      List<String> classPath =
          List.of(
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                  .split(File.pathSeparator));
      List<Path> overlay = List.of(Overlay.compile(bug, root, folder, classPath));
      List<Trial> trials = new ArrayList<>();
      for (String campaign : first ? bug.campaigns().subList(0, 1) : bug.campaigns()) {
        if (isAsked(campaign) && slices.has(campaign) && !bad.contains(campaign)) {
          List<String> args = slices.of(campaign, bug.sizes());
          Trial trial = Trial.run(bug.name(), overlay, campaign, args, limitSeconds);
          say(trial);
          trials.add(trial);
        }
      }
      return trials;
    } finally {
      delete(folder);
    }
  }

  private static void say(Trial trial) {
    System.out.printf(
        "  %s on %s: %s in %d s: %s%n",
        trial.campaign(), trial.bug(), trial.result(), trial.seconds(), trial.said());
  }

  private static void judge(Bug bug, List<Trial> trials, Report report) {
    report.count("bugs planted");
    if (trials.stream().anyMatch(trial -> trial.result() == Result.CAUGHT)) {
      report.count("caught");
    } else if (!bug.blind().isEmpty()) {
      report.count("known not to be caught");
    } else if (trials.stream().allMatch(trial -> trial.result() == Result.SKIPPED)) {
      report.count("not tried, their campaigns cannot run here");
    } else {
      report.fault("bug " + bug.name() + " was caught by none of " + bug.campaigns());
    }
  }

  /** Where the sources are: above the class files or the jar of this campaign. */
  static Path root() throws URISyntaxException {
    Path at =
        Path.of(BiteCampaign.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    for (Path path = at; path != null; path = path.getParent()) {
      if (Files.isDirectory(path.resolve("torture/bugs"))) {
        return path;
      }
    }
    throw new IllegalStateException("no folder torture/bugs above " + at);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
