package dev.bobbin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Batch;
import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Deaths without dying: a copy of a live directory is what the death of the process leaves (the
 * mapped ring lies in the page cache, where a copy sees it); parts of it lost or of another age are
 * what the death of the machine leaves.
 */
public final class Crash {
  private static final int MAGIC = 0x31424F42;
  private static final int ALIGNMENT = 4096;

  private Crash() {}

  /** One delivery. */
  public record Delivered(JobId id, int attempt, String payload) {}

  /** A block of the journal as it lies on disk. */
  public record BlockAt(Path file, long offset, long number, int kind, int bodyBytes) {
    /** Flips a bit {@code at} bytes behind the block's start. */
    public void damage(int at) {
      flip(file, offset + at);
    }
  }

  /** Copies {@code from} as the death of the process would leave it. */
  public static Path processDeath(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.comparingLong(Crash::turn)).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().equals("lock")) {
          copy(file, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to;
  }

  private static void copy(Path file, Path target) throws IOException {
    try {
      Files.copy(file, target);
    } catch (NoSuchFileException e) {
      // A file that is not finished gets its name at any moment; nothing is in it before.
      if (!file.getFileName().toString().endsWith(".tmp")) {
        throw e;
      }
    }
  }

  /**
   * In which order files of a live directory are copied, so that a flush in between does not tear
   * them apart: the ring before the journal, to which its jobs go, and newer segments before older
   * ones, so that what the one says of the other is there.
   */
  private static long turn(Path file) {
    String name = String.valueOf(file.getFileName());
    if (Files.isDirectory(file)) {
      return Long.MIN_VALUE;
    }
    if (name.equals("ring")) {
      return Long.MIN_VALUE + 1;
    }
    return name.endsWith(".segment") ? -number(head(file)) : 1;
  }

  private static byte[] head(Path segment) {
    try (var in = Files.newInputStream(segment)) {
      return Arrays.copyOf(in.readNBytes(32), 32);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path folder(Path directory) {
    return directory.resolve("queues").resolve("q");
  }

  public static Path ring(Path directory) {
    return folder(directory).resolve("ring");
  }

  /** Overwrites [from, to) of a file with zeros. */
  public static void zero(Path file, long from, long to) {
    write(file, from, new byte[(int) (to - from)]);
  }

  public static void write(Path file, long offset, byte[] bytes) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), offset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void flip(Path file, long offset) {
    byte[] one = {(byte) (read(file)[(int) offset] ^ 0x10)};
    write(file, offset, one);
  }

  public static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file's content but the lock's. */
  public static Map<String, Integer> contents(Path directory) {
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(f -> Files.isRegularFile(f) && !f.getFileName().toString().equals("lock"))
          .forEach(f -> contents.put(directory.relativize(f).toString(), Arrays.hashCode(read(f))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  public static List<Path> segments(Path directory) {
    try (Stream<Path> files = Files.list(folder(directory))) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(".segment"))
          .filter(f -> number(read(f)) > 0)
          .sorted(Comparator.comparingLong(f -> number(read(f))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many files the journal has, spare ones included. */
  public static int segmentFiles(Path directory) {
    try (Stream<Path> files = Files.list(folder(directory))) {
      return (int) files.filter(f -> f.getFileName().toString().endsWith(".segment")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long number(byte[] segment) {
    return ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).getLong(24);
  }

  /** The current blocks of all segments that have a body, in order of their numbers. */
  public static List<BlockAt> blocks(Path directory) {
    List<BlockAt> blocks = new ArrayList<>();
    for (Path file : segments(directory)) {
      byte[] bytes = read(file);
      ByteBuffer segment = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = ALIGNMENT; at < bytes.length; at += ALIGNMENT) {
        if (segment.getInt(at) == MAGIC && segment.getLong(at + 16) == number(bytes)) {
          blocks.add(
              new BlockAt(
                  file,
                  at,
                  segment.getLong(at + 24),
                  (int) segment.getLong(at + 32),
                  segment.getInt(at + 8)));
        }
      }
    }
    blocks.removeIf(b -> b.bodyBytes() == 0);
    blocks.sort(Comparator.comparingLong(BlockAt::number));
    return blocks;
  }

  /** Has a worker take {@code count} jobs, acks them, and returns them in order of their ids. */
  public static List<Delivered> take(JobQueue<String> queue, int count) {
    LinkedBlockingQueue<Delivered> seen = new LinkedBlockingQueue<>();
    List<Delivered> taken = new ArrayList<>();
    try (Workers workers =
        queue.workBatches(WorkOptions.workers(1), batch -> collect(batch, seen))) {
      assertThat(workers.size()).isEqualTo(1);
      while (taken.size() < count) {
        Delivered next = seen.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("job %d of %d", taken.size() + 1, count).isNotNull();
        taken.add(next);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    taken.addAll(seen);
    assertThat(taken).hasSize(count);
    taken.sort(Comparator.comparingLong(d -> d.id().number()));
    return taken;
  }

  private static void collect(Batch<String> batch, LinkedBlockingQueue<Delivered> seen) {
    for (Job<String> job : batch) {
      seen.add(new Delivered(job.id(), job.attempt(), job.payload()));
    }
  }

  /** Gives the processor away until {@code condition} holds; fails after a minute. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within 60 s: " + what);
      }
      Thread.yield();
    }
  }
}
