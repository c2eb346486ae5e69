package dev.bobbin.torture.fuzz;

import dev.bobbin.BobbinException;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.torture.corrupt.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A directory of hostile files: verify and repair say what is wrong, or mend it. */
public final class VerifyTarget {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int RING_BYTES = 256 << 10;
  private static final int USED_BYTES = 32 << 10;
  private static final int HEADER = 40;

  private VerifyTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Path directory = Scratch.memory("bobbin-fuzz");
      try {
        lay(data, directory);
        check(directory);
      } finally {
        Scratch.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void lay(byte[] data, Path directory) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("queues").resolve("q"));
    byte[] marker = "Bobbin directory, format 2\n".getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve("bobbin"), marker);
    byte[] identity = new byte[4096];
    Seal.little(identity).putInt(24, RING_BYTES).putInt(28, SEGMENT_BYTES).putLong(32, Seal.SEED);
    Seal.identity(identity);
    Files.write(folder.resolve("queue"), identity);
    int half = data.length / 2;
    segment(folder.resolve("00000000.segment"), Arrays.copyOfRange(data, 0, half));
    segment(folder.resolve("00000001.segment"), Arrays.copyOfRange(data, half, data.length));
  }

  private static void segment(Path file, byte[] data) throws IOException {
    byte[] used = new byte[USED_BYTES];
    if (data.length > HEADER) {
      System.arraycopy(data, 1, used, 0, HEADER);
      if ((data[0] & 1) == 0) {
        Seal.segment(used);
      }
      Seal.lay(data, HEADER + 1, used);
    }
    Scratch.write(file, used, data.length > 0 && (data[0] & 2) != 0 ? used.length : SEGMENT_BYTES);
  }

  private static void check(Path directory) {
    try {
      boolean healthy = Maintenance.verify(directory).isHealthy();
      RepairReport repair = Maintenance.repair(directory, RepairOptions.defaults());
      Outcome outcome = repair.queues().get(0).outcome();
      if (healthy != (outcome == Outcome.HEALTHY)) {
        throw new IllegalStateException("verify says " + healthy + ", repair " + outcome);
      }
      if (outcome == Outcome.REPAIRED && !Maintenance.verify(directory).isHealthy()) {
        throw new IllegalStateException("not healthy after repair");
      }
    } catch (BobbinException e) {
      if (e.getCause() instanceof Error || e.getCause() instanceof RuntimeException) {
        throw new IllegalStateException(e);
      }
    }
  }
}
