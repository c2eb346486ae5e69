package dev.bobbin.torture.machine;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.child.ChildException;
import dev.bobbin.torture.child.Directory;
import dev.bobbin.torture.child.Trees;
import dev.bobbin.torture.loop.LoopDisk;
import dev.bobbin.torture.loop.LoopDisk.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/**
 * The machine dies under a real process, as its disk sees it: the file system on a loop device is
 * shut down without a flush of its log, mounted anew, and the queue is opened again.
 */
@Command(
    name = "machine",
    description = "The death of the machine, on a loop device: what was forced must be there.")
public final class MachineCampaign extends Campaign {
  /** Then everything is worked off and checked, and a new disk begins. */
  private static final int DEATHS_PER_DISK = 10;

  private static final long DISK_BYTES = 256L << 20;

  @Option(
      names = "--deaths",
      paramLabel = "N",
      description = "How many on ext4.",
      defaultValue = "300",
      showDefaultValue = Visibility.ALWAYS)
  int deaths;

  @Option(
      names = "--twice",
      paramLabel = "N",
      description = "How many of these are followed by a second one during recovery.",
      defaultValue = "50",
      showDefaultValue = Visibility.ALWAYS)
  int twice;

  @Option(
      names = "--xfs",
      paramLabel = "N",
      description = "How many more on XFS.",
      defaultValue = "100",
      showDefaultValue = Visibility.ALWAYS)
  int xfs;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "Where the disks' images are put.",
      defaultValue = "${sys:java.io.tmpdir}")
  Path images = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  @Override
  protected Report run(long seed) throws Exception {
    Path scratch = Files.createTempDirectory(images, "bobbin-machine-");
    try {
      Optional<String> missing = LoopDisk.missing(Kind.EXT4, scratch);
      if (missing.isPresent()) {
        return Report.skipped(missing.get());
      }
      Report report = new Report();
      SplittableRandom random = new SplittableRandom(seed);
      run(Kind.EXT4, deaths, twice, scratch, random, report);
      Optional<String> withoutXfs =
          xfs == 0 ? Optional.empty() : LoopDisk.missing(Kind.XFS, scratch);
      if (withoutXfs.isPresent()) {
        System.out.println("  not run on XFS: " + withoutXfs.get());
      } else {
        run(Kind.XFS, xfs, 0, scratch, random, report);
      }
      return report;
    } finally {
      Trees.delete(scratch);
    }
  }

  private static void run(
      Kind kind, int deaths, int twice, Path scratch, SplittableRandom random, Report report)
      throws IOException, InterruptedException {
    for (int dead = 0; dead < deaths && report.isClean(); dead += DEATHS_PER_DISK) {
      SplittableRandom luck = random.split();
      try (LoopDisk disk = LoopDisk.create(scratch, kind, DISK_BYTES);
          Directory directory =
              new Directory(disk.root().resolve("data"), luck.nextLong(), report)) {
        directory.oracle().expectFailures();
        Deaths on = new Deaths(disk, directory, luck, report);
        int end = Math.min(deaths, dead + DEATHS_PER_DISK);
        for (int i = dead; i < end && report.isClean(); i++) {
          on.die();
          report.count("deaths on " + kind);
          // As many as are wanted, spread evenly.
          if ((long) (i + 1) * twice / deaths > (long) i * twice / deaths) {
            on.dieDuringRecovery();
            report.count("second deaths during recovery");
          }
        }
        if (report.isClean()) {
          directory.drain();
        }
      } catch (ChildException e) {
        report.fault(kind + ", disk " + dead / DEATHS_PER_DISK + ": " + e.getMessage());
      }
    }
  }
}
