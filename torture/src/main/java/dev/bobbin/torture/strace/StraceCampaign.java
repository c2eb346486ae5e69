package dev.bobbin.torture.strace;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildException;
import dev.bobbin.torture.child.ChildProcess;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.child.Trees;
import dev.bobbin.torture.loop.Tool;
import dev.bobbin.torture.oracle.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Each system call with which the JVM writes, failing with each error, once and from then on. What
 * the core does at each operation of its own that fails is the campaign {@code errors}; this one
 * shows that the JVM hands errors on as the core expects it.
 */
@Command(
    name = "strace",
    description = "System calls that fail under a real process, by way of strace.")
public final class StraceCampaign extends Campaign {
  private static final List<String> CALLS =
      List.of("fdatasync", "fsync", "pwrite64", "openat", "rename");
  private static final List<String> ERRORS =
      List.of("EIO", "ENOSPC", "EMFILE", "EDQUOT", "EROFS", "EACCES");

  /** Which call it is, of one thread; {@code +}: and all after it. */
  private static final List<String> WHEN = List.of("1", "1+", "2", "2+", "3+", "7", "20+");

  /** For what ends by itself, on the slowest machine. */
  private static final long PATIENCE_SECONDS = 300;

  /** How many files of the journal are named to strace, which knows no patterns. */
  private static final int SEGMENTS = 40;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "How many; by default every error of every call at every count.",
      defaultValue = "0")
  int runs;

  private record Injection(String call, String error, String when) {
    @Override
    public String toString() {
      return call + ":error=" + error + ":when=" + when;
    }
  }

  @Override
  protected Report run(long seed) throws Exception {
    if (!Tool.isThere("strace")) {
      return Report.skipped("there is no strace: install the package strace");
    }
    try {
      Tool.run("strace", "-qq", "-o", "/dev/null", "true");
    } catch (IOException e) {
      return Report.skipped("strace cannot trace here (" + e.getMessage() + ")");
    }
    Report report = new Report();
    List<Injection> all = new ArrayList<>();
    for (String call : CALLS) {
      for (String error : ERRORS) {
        WHEN.forEach(when -> all.add(new Injection(call, error, when)));
      }
    }
    Collections.shuffle(all, new Random(seed));
    SplittableRandom random = new SplittableRandom(seed);
    for (Injection injection : runs == 0 ? all : all.subList(0, Math.min(runs, all.size()))) {
      run(injection, random.split(), report);
    }
    return report;
  }

  private static void run(Injection injection, SplittableRandom random, Report report)
      throws IOException, InterruptedException {
    Path root = Files.createTempDirectory("bobbin-strace-").toRealPath();
    Path data = root.resolve("data");
    List<String> under = command(injection, data);
    Report own = new Report();
    try (Directory directory = new Directory(data, random.nextLong(), own)) {
      directory.oracle().expectFailures();
      // Half of them on a directory that is there: its opening is what fails first.
      if (random.nextBoolean()) {
        life(directory, List.of(), random, report);
      }
      life(directory, under, random, report);
      report.count("runs");
      directory.drain();
    } catch (ChildException e) {
      own.fault(String.valueOf(e.getMessage()));
    } finally {
      Trees.delete(root);
    }
    report.count("accepted", own.figure("accepted"));
    own.faults().forEach(fault -> report.fault(injection + ": " + fault));
  }

  private static List<String> command(Injection injection, Path data) {
    Path queue = data.resolve("queues").resolve(dev.bobbin.torture.child.Child.QUEUE);
    List<Path> paths = new ArrayList<>(List.of(data, data.resolve("queues"), queue));
    for (String name : List.of("lock", "bobbin")) {
      paths.add(data.resolve(name));
    }
    List<String> names = new ArrayList<>(List.of("queue", "ring"));
    for (int i = 0; i < SEGMENTS; i++) {
      names.add(String.format("%08d.segment", i));
    }
    for (String name : names) {
      paths.add(queue.resolve(name));
      paths.add(queue.resolve(name + ".tmp"));
    }
    // The tracer stands aside, so that the child is what it would be without.
    List<String> command = new ArrayList<>(List.of("strace", "-D", "-f", "-qq", "-o", "/dev/null"));
    paths.forEach(path -> command.addAll(List.of("-P", path.toString())));
    command.addAll(List.of("-e", "trace=" + injection.call, "-e", "inject=" + injection));
    return command;
  }

  /** A life that ends in order, if it comes so far; the oracle takes in how it ended. */
  private static void life(
      Directory directory, List<String> under, SplittableRandom random, Report report)
      throws IOException, InterruptedException {
    End end = End.PROCESS_DEATH;
    try (ChildProcess child =
        directory.start(
            options -> options.withFlushMillis(5).withSyncEvery(50),
            under,
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            List.of())) {
      child.expect("opening");
      // Open, or ended; a failure may be told before.
      child.nextLine(PATIENCE_SECONDS, TimeUnit.SECONDS);
      child.endsWithin(300_000 + random.nextInt(700_000), TimeUnit.MICROSECONDS);
      child.tellToClose();
      int exit = child.awaitEnd();
      if (exit == 0) {
        end = End.CLOSED;
      }
      String errors = child.errors();
      if (!under.isEmpty()) {
        report.count(exit == 0 ? "went on" : exit == 7 ? "stopped" : "refused to open");
      }
      boolean told = exit == 0 || exit == 7 || (exit == 9 && errors.contains("dev.bobbin."));
      if (!told || (under.isEmpty() && exit != 0)) {
        throw new ChildException("a child ended with " + exit + ": " + errors);
      }
    }
    directory.take(end);
  }
}
