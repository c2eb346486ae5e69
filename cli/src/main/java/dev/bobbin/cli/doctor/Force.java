package dev.bobbin.cli.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long the disk takes to force a block, measured as the journal writes: over what was written
 * before, in a file of its own that is removed afterwards.
 */
final class Force {
  private static final String NAME = "force latency";
  private static final int TIMES = 50;
  private static final int BLOCK_BYTES = 4096;

  /** Queues flush that often by default. */
  private static final long SLOW_MICROS = 50_000;

  private static final long STALL_MICROS = 1_000_000;

  /** No device is as quick as that; even a memory of its own behind a bus takes longer. */
  private static final long TOO_FAST_MICROS = 9;

  private Force() {}

  static List<Finding> look(Site site) {
    try {
      return List.of(judge(measure(site.root()), site.holder().isPresent()));
    } catch (IOException e) {
      return List.of(
          Finding.fail(
              NAME,
              "cannot write a file: " + e,
              "the directory must be writable by its program, and this user, and have free space"));
    }
  }

  /** Microseconds, in ascending order. */
  private static long[] measure(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "doctor-", ".tmp");
    // Also when Ctrl-C comes.
    file.toFile().deleteOnExit();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      write(channel, ByteBuffer.allocateDirect(TIMES * BLOCK_BYTES), 0);
      channel.force(true);
      long[] micros = new long[TIMES];
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      for (int i = 0; i < TIMES; i++) {
        block.clear().put(0, (byte) i);
        long start = System.nanoTime();
        write(channel, block, (long) i * BLOCK_BYTES);
        channel.force(false);
        micros[i] = (System.nanoTime() - start) / 1000;
      }
      Arrays.sort(micros);
      return micros;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
    for (long at = offset; bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  static Finding judge(long[] micros, boolean held) {
    long p50 = micros[micros.length / 2];
    long p90 = micros[micros.length * 9 / 10];
    long max = micros[micros.length - 1];
    String found =
        String.format(
            Locale.ROOT,
            "4 KiB %d times: half within %,d µs, 90 %% within %,d µs, the slowest %,d µs%s",
            micros.length,
            p50,
            p90,
            max,
            held ? "; the program that holds the directory shares the disk" : "");
    return judge(found, p50, max)
        .with("forceP50Micros", p50)
        .with("forceP90Micros", p90)
        .with("forceMaxMicros", max);
  }

  private static Finding judge(String found, long p50, long max) {
    if (p50 <= TOO_FAST_MICROS) {
      return Finding.warn(
          NAME,
          found + ": too fast for a disk",
          "something says 'forced' without a disk, so jobs may not survive the death of the "
              + "machine: look for a file system in memory, or a library such as eatmydata");
    }
    if (p50 > SLOW_MICROS || max > STALL_MICROS) {
      return Finding.warn(
          NAME,
          found + ": slow",
          "flushes take longer than their default interval of 50 ms, so more jobs are at risk when "
              + "the machine dies, and sync() waits that long: use a faster disk, or find what "
              + "else writes to it");
    }
    return Finding.ok(NAME, found);
  }
}
