package dev.bobbin.torture.kill;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildException;
import dev.bobbin.torture.child.ChildProcess;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.child.Trees;
import dev.bobbin.torture.oracle.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kill -9} of a real process at full speed, again and again, on one directory. */
@Command(
    name = "kill",
    description = "Kills a real process at any moment; nothing may be lost or invented.")
public final class KillCampaign extends Campaign {
  private static final long[] FLUSH_MILLIS = {1, 5, 10, 50};

  /** Then everything is worked off and checked, and a new directory begins. */
  private static final int KILLS_PER_DIRECTORY = 50;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How many.",
      defaultValue = "2000",
      showDefaultValue = picocli.CommandLine.Help.Visibility.ALWAYS)
  int kills;

  /** When a child is killed. */
  private enum Moment {
    RECOVERING,
    JUST_OPEN,
    RUNNING,
    LONG_RUNNING,
    CLOSING
  }

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    SplittableRandom random = new SplittableRandom(seed);
    Path root = Files.createTempDirectory("bobbin-kill-");
    try {
      for (int done = 0; done < kills && report.isClean(); done += KILLS_PER_DIRECTORY) {
        Path data = root.resolve("data-" + done);
        try (Directory directory = new Directory(data, random.nextLong(), report)) {
          for (int i = 0; i < Math.min(KILLS_PER_DIRECTORY, kills - done); i++) {
            Moment moment = moment(i, random);
            while (report.isClean() && !killOnce(directory, moment, report, random)) {
              report.count("closed before the kill");
            }
          }
          directory.drain();
        }
        Trees.delete(data);
      }
    } catch (ChildException e) {
      report.fault(String.valueOf(e.getMessage()));
    } finally {
      Trees.delete(root);
    }
    return report;
  }

  private static Moment moment(int killed, SplittableRandom random) {
    if (killed % 12 == 5) {
      return Moment.LONG_RUNNING;
    }
    int dice = random.nextInt(10);
    return dice < 3
        ? Moment.RECOVERING
        : dice < 5 ? Moment.JUST_OPEN : dice < 9 ? Moment.RUNNING : Moment.CLOSING;
  }

  /** Returns false if the child had closed in order before it could be killed. */
  private static boolean killOnce(
      Directory directory, Moment moment, Report report, SplittableRandom random) throws Exception {
    long flushMillis = FLUSH_MILLIS[random.nextInt(FLUSH_MILLIS.length)];
    List<String> jvm =
        random.nextBoolean() ? List.of("-Xmx128m", "-XX:TieredStopAtLevel=1") : List.of("-Xmx128m");
    try (ChildProcess child =
        directory.start(options -> options.withFlushMillis(flushMillis), jvm, List.of())) {
      child.expect("opening");
      boolean gone = child.endsWithin(micros(moment, child, random), TimeUnit.MICROSECONDS);
      if (moment == Moment.CLOSING && !gone) {
        child.tellToClose();
        gone = child.endsWithin(random.nextInt(30_000), TimeUnit.MICROSECONDS);
      }
      boolean killed = child.kill();
      if (!killed) {
        child.awaitClosed();
      }
      directory.take(killed ? End.PROCESS_DEATH : End.CLOSED);
      if (killed) {
        report.count("killed while " + moment);
      }
      return killed;
    }
  }

  /** How long to wait for the kill, when it is time to wait for it. */
  private static int micros(Moment moment, ChildProcess child, SplittableRandom random)
      throws InterruptedException {
    if (moment == Moment.RECOVERING) {
      return random.nextInt(60_000);
    }
    child.expect("open");
    return switch (moment) {
      case RECOVERING -> throw new IllegalStateException();
      case JUST_OPEN -> random.nextInt(20_000);
      case LONG_RUNNING -> 2_200_000 + random.nextInt(500_000);
      case RUNNING, CLOSING -> 50_000 + random.nextInt(450_000);
    };
  }
}
