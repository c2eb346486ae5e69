package dev.bobbin.torture.corrupt;

import dev.bobbin.torture.Campaign;
import dev.bobbin.torture.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Damages directories at random, file type by file type, and every bit of a small journal. */
@Command(
    name = "corrupt",
    description = "Damages the files of queues, and opens, verifies and repairs what is left.")
public final class Corrupt extends Campaign {
  private static final int PROCESSES = 2;

  @Option(
      names = "--mutations",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Random damages for each type of file (default ${DEFAULT-VALUE}).")
  long mutations;

  @Option(
      names = "--bits",
      paramLabel = "BYTES",
      defaultValue = "65536",
      description =
          "Flips every bit of a journal of so many bytes, a multiple of 4096 (default"
              + " ${DEFAULT-VALUE}); 0: none.")
  int bits;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of these bits, only each so many-th (default ${DEFAULT-VALUE}).")
  int every;

  @Option(
      names = "--types",
      split = ",",
      paramLabel = "TYPE",
      description = "Only these of ${COMPLETION-CANDIDATES}.")
  FileType @Nullable [] types;

  @Option(
      names = "--only",
      paramLabel = "N",
      description = "Only the damage of this number, as a fault names it.")
  @Nullable Long only;

  @Override
  protected Report run(long seed) throws Exception {
    Report report = new Report();
    Path scratch = Scratch.memory("bobbin-corrupt");
    if (bits > 0 && only == null) {
      shares(report, scratch, every -> bitsOf(every));
    }
    List<FileType> chosen =
        types == null ? List.of(FileType.values()) : Arrays.stream(types).toList();
    if (mutations > 0) {
      shares(report, scratch, part -> damageOf(seed, chosen, part));
    }
    if (report.isClean()) {
      Image.delete(scratch);
    }
    return report;
  }

  /** What one of several processes does. */
  private interface Share {
    Task of(int part);
  }

  private record Task(Class<?> main, List<String> args) {}

  private Task bitsOf(int part) {
    return new Task(
        EveryBit.class,
        List.of(
            Integer.toString(bits),
            Integer.toString(part * every),
            Integer.toString(every * PROCESSES)));
  }

  private Task damageOf(long seed, List<FileType> chosen, int part) {
    long first = only == null ? part : only;
    long end = only == null ? mutations : only + (part == 0 ? 1 : 0);
    return new Task(Worker.class, new Worker.Share(seed, chosen, first, end, PROCESSES).args());
  }

  private static void shares(Report report, Path scratch, Share share)
      throws IOException, InterruptedException {
    List<Child> children = new ArrayList<>();
    for (int part = 0; part < PROCESSES; part++) {
      Task task = share.of(part);
      children.add(new Child(task.main, task.args, Files.createTempDirectory(scratch, "part")));
    }
    for (Child child : children) {
      child.await(report);
    }
  }
}
