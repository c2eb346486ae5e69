package dev.bobbin.torture.machine;

import dev.bobbin.Durability;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildException;
import dev.bobbin.torture.child.ChildOptions;
import dev.bobbin.torture.child.ChildProcess;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.loop.Cut;
import dev.bobbin.torture.loop.LoopDisk;
import dev.bobbin.torture.oracle.End;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** One machine: each call is one life of its queue, and one death. */
final class Deaths {
  private static final long[] FLUSH_MILLIS = {1, 5, 10, 50};
  private static final int[] SYNC_EVERY = {0, 1, 20, 200};

  /** For what ends by itself, on the slowest machine. */
  private static final long PATIENCE_SECONDS = 300;

  private final LoopDisk disk;
  private final Directory directory;
  private final SplittableRandom random;
  private final Report report;

  /** How long opening has taken lately: so that a death meets it, however fast the machine is. */
  private long openingMicros = 100_000;

  Deaths(LoopDisk disk, Directory directory, SplittableRandom random, Report report) {
    this.disk = disk;
    this.directory = directory;
    this.random = random;
    this.report = report;
  }

  /** Where the process is when the machine dies. */
  private enum Moment {
    OPENING,
    JUST_OPEN,
    RUNNING,
    CLOSING
  }

  void die() throws IOException, InterruptedException {
    int dice = random.nextInt(10);
    die(
        dice < 2
            ? Moment.OPENING
            : dice < 4 ? Moment.JUST_OPEN : dice < 9 ? Moment.RUNNING : Moment.CLOSING);
  }

  void dieDuringRecovery() throws IOException, InterruptedException {
    die(Moment.OPENING);
  }

  private ChildOptions chosen(ChildOptions options) {
    return options
        .withFlushMillis(FLUSH_MILLIS[random.nextInt(FLUSH_MILLIS.length)])
        .withSyncEvery(SYNC_EVERY[random.nextInt(SYNC_EVERY.length)])
        .withDurability(random.nextInt(4) == 0 ? Durability.SYNC : Durability.PERIODIC);
  }

  private void die(Moment moment) throws IOException, InterruptedException {
    List<String> jvm =
        random.nextBoolean() ? List.of("-Xmx128m", "-XX:TieredStopAtLevel=1") : List.of("-Xmx128m");
    boolean closed;
    try (Cut cut = Cut.ready(disk.root());
        ChildProcess child = directory.start(this::chosen, jvm, List.of())) {
      child.expect("opening");
      boolean opened = moment != Moment.OPENING;
      long began = System.nanoTime();
      if (opened) {
        child.expect("open");
        openingMicros = (openingMicros + (System.nanoTime() - began) / 1000) / 2;
      }
      boolean gone = child.endsWithin(micros(moment), TimeUnit.MICROSECONDS);
      if (moment == Moment.CLOSING && !gone) {
        child.tellToClose();
        gone = child.endsWithin(random.nextInt(30_000), TimeUnit.MICROSECONDS);
      }
      if (gone && child.process().exitValue() != 0) {
        throw new ChildException("a child ended before the machine did: " + child.errors());
      }
      cut.now();
      report.count("died " + moment);
      closed = liveOn(child, opened && moment != Moment.CLOSING);
    }
    directory.take(closed ? End.CLOSED : End.MACHINE_DEATH);
    disk.remount();
  }

  private long micros(Moment moment) {
    return switch (moment) {
      case OPENING -> random.nextLong(openingMicros + 1000);
      case JUST_OPEN -> random.nextInt(20_000);
      // A busy machine takes longer for everything.
      case RUNNING, CLOSING -> openingMicros / 2 + random.nextLong(4 * openingMicros);
    };
  }

  /**
   * The process outlives its disk for a while, and must not report a success that its disk does not
   * know of: that shows when the directory is opened again. Sometimes it lives until its queue has
   * stopped, which it must. Returns whether it had closed in order.
   */
  private boolean liveOn(ChildProcess child, boolean running)
      throws IOException, InterruptedException {
    if (running && random.nextInt(4) == 0) {
      Optional<String> said = child.nextLine(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (said.isPresent() && said.get().startsWith("failed")) {
        report.count("stopped by themselves");
      } else if (child.process().isAlive()) {
        report.fault("the disk was gone and the queue went on; the child said " + said);
      }
    } else {
      child.endsWithin(random.nextInt(30_000), TimeUnit.MICROSECONDS);
    }
    child.kill();
    return checkExit(child);
  }

  /** It may end with an error that it was told, not with one of the JVM's. */
  private boolean checkExit(ChildProcess child) {
    int exit = child.process().exitValue();
    if (exit == 0) {
      report.count("closed in time");
      return true;
    }
    String errors = child.errors();
    if (exit == 9 && !errors.contains("dev.bobbin.") && !errors.contains("InternalError")) {
      report.fault("a child broke when its disk had gone: " + errors);
    } else if (exit == 9) {
      report.count("ended by an error that they were told");
    } else if (exit == 134) {
      report.fault("the JVM crashed when its disk had gone: " + errors);
    }
    return false;
  }
}
