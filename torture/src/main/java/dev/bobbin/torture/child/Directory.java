package dev.bobbin.torture.child;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.RecoveryReport;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildOptions.Mode;
import dev.bobbin.torture.oracle.End;
import dev.bobbin.torture.oracle.Oracle;
import dev.bobbin.torture.oracle.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** A data directory, the children that live on it one after another, and the oracle that knows. */
public final class Directory implements AutoCloseable {
  private static final int ALL = 100_000;

  private final Path data;
  private final Path logs;
  private final long seed;
  private final Report report;
  private final Oracle oracle;
  private int run;

  /**
   * @param data where the queues are to be; created if it is not there
   */
  public Directory(Path data, long seed, Report report) throws IOException {
    this.data = Files.createDirectories(data);
    this.logs = LogFolder.create(data);
    this.seed = seed;
    this.report = report;
    this.oracle = new Oracle(seed, report);
  }

  public Oracle oracle() {
    return oracle;
  }

  /** Starts the next child; see {@link #start(UnaryOperator, List, List)}. */
  public ChildProcess start(UnaryOperator<ChildOptions> options) throws IOException {
    return start(options, List.of(), List.of());
  }

  /**
   * Starts the next child. When it has ended, call {@link #take}.
   *
   * @param options changes the defaults
   * @param jvm options of its JVM
   * @param overlay folders whose classes take the place of this process's
   */
  public ChildProcess start(
      UnaryOperator<ChildOptions> options, List<String> jvm, List<Path> overlay)
      throws IOException {
    return start(options, List.of(), jvm, overlay);
  }

  /**
   * As {@link #start(UnaryOperator, List, List)}.
   *
   * @param under a command that is put in front of the child's, and becomes it
   */
  public ChildProcess start(
      UnaryOperator<ChildOptions> options, List<String> under, List<String> jvm, List<Path> overlay)
      throws IOException {
    ChildOptions chosen = options.apply(new ChildOptions(data, logs, ++run, seed));
    return new ChildProcess(chosen, under, jvm, overlay);
  }

  /** Takes in what the last child has written down. */
  public void take(End end) throws IOException {
    oracle.take(logs, run, end);
  }

  /** Has a last child finish everything and close in order, and asks the oracle for its word. */
  public void drain() throws IOException, InterruptedException {
    try (ChildProcess child = start(options -> options.withMode(Mode.DRAIN))) {
      child.expect("opening");
      child.expect("open");
      child.awaitClosed();
      take(End.CLOSED);
    }
    try (Bobbin bobbin = Bobbin.open(data)) {
      JobQueue<byte[]> queue = bobbin.queue(Child.QUEUE, Codec.bytes(), Plan.queueOptions(10));
      RecoveryReport found = queue.recovery();
      List<DeadLetter> letters = queue.deadLetters().list(ALL);
      if (found.unfinished() != 0 || !found.cleanlyClosed() || found.dead() != letters.size()) {
        report.fault("worked off, closed and reopened, but found " + found);
      }
      oracle.takeLast(letters);
    }
  }

  /** Deletes the logs. The data is the caller's. */
  @Override
  public void close() throws IOException {
    Trees.delete(logs);
  }
}
