package dev.bobbin.torture.full;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import dev.bobbin.torture.loop.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A disk of 64 MiB that is filled to so many levels, each with a queue of its own. */
@Command(
    name = "full",
    description = "A disk that gets full, on a loop device: at create, mid-run, at restart.")
public final class FullCampaign extends Campaign {
  @Option(
      names = "--levels",
      paramLabel = "N",
      description = "How many disks are filled.",
      defaultValue = "100")
  int levels = 100;

  @Option(
      names = "--only",
      paramLabel = "N",
      description = "Of all the levels, only this one, counted from 0: to look at a fault.",
      defaultValue = "-1")
  int only = -1;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "Where the disks' images are put.",
      defaultValue = "${sys:java.io.tmpdir}")
  Path images = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  @Override
  protected Report run(long seed) throws Exception {
    Path scratch = Files.createTempDirectory(images, "bobbin-full-");
    try {
      Optional<String> missing = LoopDisk.missing(LoopDisk.Kind.EXT4, scratch);
      if (missing.isPresent()) {
        return Report.skipped(missing.get());
      }
      Report report = new Report();
      SplittableRandom random = new SplittableRandom(seed);
      for (int level = 0; level < levels; level++) {
        SplittableRandom luck = random.split();
        if (only >= 0 && only != level) {
          continue;
        }
        FullCase one = new FullCase(scratch, luck, level, levels, report);
        try {
          one.run();
        } catch (IOException e) {
          report.fault(one + ": " + e.getMessage());
        }
        Files.deleteIfExists(scratch.resolve("ledger"));
      }
      return report;
    } finally {
      delete(scratch);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
