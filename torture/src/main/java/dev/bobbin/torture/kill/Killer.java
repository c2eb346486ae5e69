package dev.bobbin.torture.kill;

import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildOptions;
import dev.bobbin.torture.child.ChildProcess;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.oracle.End;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Starts children and kills them; each call is one life and one death, if it comes in time. */
final class Killer {
  private static final long[] FLUSH_MILLIS = {1, 5, 10, 50};

  /** How long a failpoint is waited for before the kill comes anyway. */
  private static final int PATIENCE_MILLIS = 2_000;

  private final Path overlays;
  private final Report report;
  private final SplittableRandom random;
  private final Map<Failpoint, Path> woven = new EnumMap<>(Failpoint.class);

  Killer(Path overlays, Report report, SplittableRandom random) {
    this.overlays = overlays;
    this.report = report;
    this.random = random;
  }

  /** A moment that chance decides. */
  enum Moment {
    RECOVERING,
    JUST_OPEN,
    RUNNING,
    LONG_RUNNING,
    CLOSING
  }

  private static UnaryOperator<ChildOptions> flushing(long millis) {
    return options -> options.withFlushMillis(millis);
  }

  private UnaryOperator<ChildOptions> anyFlush() {
    return flushing(FLUSH_MILLIS[random.nextInt(FLUSH_MILLIS.length)]);
  }

  private List<String> anyJvm() {
    return random.nextBoolean()
        ? List.of("-Xmx128m", "-XX:TieredStopAtLevel=1")
        : List.of("-Xmx128m");
  }

  /** Returns false if the child had closed in order before it could be killed. */
  boolean killAt(Directory directory, Moment moment) throws IOException, InterruptedException {
    try (ChildProcess child = directory.start(anyFlush(), anyJvm(), List.of())) {
      child.expect("opening");
      int micros =
          switch (moment) {
            case RECOVERING -> random.nextInt(60_000);
            case JUST_OPEN -> random.nextInt(20_000);
            case LONG_RUNNING -> 1_000_000 + random.nextInt(500_000);
            case RUNNING, CLOSING -> 50_000 + random.nextInt(450_000);
          };
      if (moment != Moment.RECOVERING) {
        child.expect("open");
      }
      boolean gone = child.endsWithin(micros, TimeUnit.MICROSECONDS);
      if (moment == Moment.CLOSING && !gone) {
        child.tellToClose();
        child.endsWithin(random.nextInt(30_000), TimeUnit.MICROSECONDS);
      }
      boolean killed = end(directory, child);
      if (killed) {
        report.count("killed while " + moment);
      }
      return killed;
    }
  }

  /**
   * Has the child come to a failpoint and kills it there, or elsewhere if it does not come there.
   * Returns false if it had closed in order before.
   */
  boolean killAt(Directory directory, Failpoint failpoint)
      throws IOException, InterruptedException {
    if (!woven.containsKey(failpoint)) {
      woven.put(failpoint, failpoint.weave(overlays));
    }
    boolean halt = random.nextInt(4) == 0;
    List<String> jvm = new ArrayList<>(anyJvm());
    // As often from 1 to 10 as from 10 to 100.
    int hit = (int) Math.pow(failpoint.hits + 1, random.nextDouble());
    jvm.add("-D" + Trap.HIT + "=" + hit);
    jvm.add("-D" + Trap.HALT + "=" + halt);
    int goOnMicros = random.nextInt(30_000);
    int runMicros = random.nextInt(300_000);
    try (ChildProcess child = directory.start(anyFlush(), jvm, List.of(woven.get(failpoint)))) {
      child.expect("opening");
      boolean trapped = isTrapped(child, failpoint, runMicros);
      if (trapped) {
        child.endsWithin(goOnMicros, TimeUnit.MICROSECONDS);
      }
      boolean killed = end(directory, child);
      boolean halted = hasHalted(child);
      if (killed) {
        report.count(trapped || halted ? "at " + failpoint : "killed before a failpoint came");
      }
      return killed;
    }
  }

  /** Leads the child to the failpoint; returns whether it said that it is there. */
  private static boolean isTrapped(ChildProcess child, Failpoint failpoint, int runMicros)
      throws InterruptedException {
    Optional<String> line = child.nextLine(ChildProcess.PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line.isEmpty() || line.get().startsWith(Trap.WORD)) {
      return line.isPresent();
    }
    if (failpoint.isReachedOpening()) {
      // It has come past it; there was nothing to do.
      return false;
    }
    if (failpoint.phase == Failpoint.Phase.CLOSING) {
      child.endsWithin(runMicros, TimeUnit.MICROSECONDS);
      child.tellToClose();
    }
    line = child.nextLine(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    return line.isPresent() && line.get().startsWith(Trap.WORD);
  }

  /** Kills it; false if it had closed in order before. */
  private static boolean end(Directory directory, ChildProcess child)
      throws IOException, InterruptedException {
    // One that halts at its failpoint may do so at any moment, the last one before the kill too.
    boolean killed = child.kill() || hasHalted(child);
    if (!killed) {
      child.awaitClosed();
    }
    directory.take(killed ? End.PROCESS_DEATH : End.CLOSED);
    return killed;
  }

  private static boolean hasHalted(ChildProcess child) {
    return child.process().exitValue() == Failpoint.EXIT_HALTED;
  }
}
