package dev.bobbin;

import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Small directories as this version leaves them, packed: what {@link GoldenFilesTest} reads was
 * made here, by hand, once for each format. Running it again for a format that was released would
 * prove nothing any more.
 */
final class GoldenFiles {
  /** What the wall clock says while they are made and while they are read. */
  static final long NOW_MILLIS = 1_790_000_000_000L;

  static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withRetry(RetryPolicy.exponential(Duration.ofHours(2)).attempts(3));

  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Path scratch;

  GoldenFiles(Path scratch) {
    this.scratch = scratch;
  }

  /** A wall clock that stands, beside a clock that goes. */
  static Time standing() {
    return new Time() {
      @Override
      public long wallMillis() {
        return NOW_MILLIS;
      }

      @Override
      public long nanos() {
        return Time.system().nanos();
      }
    };
  }

  static JobQueue<String> queue(Bobbin bobbin) {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /** One of every state and everything that a job can carry. */
  private static void fill(JobQueue<String> queue) {
    queue.submit("dies at once", JobOptions.NONE.header("trace", "7").header("é", "日本"));
    queue.submit("fails twice", JobOptions.key("key of the one that fails"));
    queue.submit("snoozes");
    try (Lease<String> lease = queue.take(3, WAIT)) {
      lease.job(0).reject("no such address: 日本");
      lease.job(1).retry(Duration.ZERO, "time-out after 30 s");
      lease.job(2).snooze(Duration.ofDays(3));
    }
    try (Lease<String> lease = queue.take(1, WAIT)) {
      lease.job(0).retry(Duration.ofHours(5), "time-out after 31 s");
    }
    for (int i = 0; i < 5; i++) {
      queue.submit("finished " + i);
    }
    try (Lease<String> lease = queue.take(5, WAIT)) {
      lease.ackAll();
    }
    queue.submit("");
    queue.submit("plain");
    queue.submit("large " + "x".repeat(4000));
    queue.submit("with a key", JobOptions.key("ключ"));
    queue.submit("expires", JobOptions.NONE.expiringAfter(Duration.ofDays(30)));
    queue.submit(
        "everything",
        JobOptions.key("k")
            .header("a", "1")
            .header("b", "")
            .expiringAfter(Duration.ofDays(31))
            .prioritized(Priority.LOW));
    for (Priority priority : Priority.values()) {
      queue.submit("priority " + priority, JobOptions.priority(priority));
      queue.submit(
          "later, priority " + priority,
          JobOptions.delay(Duration.ofDays(1)).prioritized(priority));
    }
  }

  /** Closed in order. */
  Path closed() {
    Path directory = scratch.resolve("closed");
    try (Bobbin bobbin = LocalBobbin.open(directory, standing())) {
      fill(queue(bobbin));
    }
    return directory;
  }

  /** The process died with jobs in hand, and with acks and jobs that were in the ring alone. */
  Path killed() {
    try (Bobbin bobbin = LocalBobbin.open(scratch.resolve("live"), standing())) {
      JobQueue<String> queue = queue(bobbin);
      fill(queue);
      queue.sync();
      Lease<String> inHand = queue.take(2, WAIT);
      queue.submit("in the ring, perhaps alone");
      Path dead = Crash.processDeath(scratch.resolve("live"), scratch.resolve("killed"));
      inHand.close();
      return dead;
    }
  }

  /** More than the ring holds, over recycled segments; the process died. */
  Path backlog() {
    try (Bobbin bobbin = LocalBobbin.open(scratch.resolve("deep"), standing())) {
      JobQueue<String> queue = queue(bobbin);
      queue.submit("pins the first segment", Duration.ofDays(2));
      for (int lap = 0; lap < 6; lap++) {
        for (int i = 0; i < 250; i++) {
          queue.submit("lap " + lap + " job " + i + " " + "-".repeat(4000));
        }
        queue.sync();
        int left = lap < 5 ? 250 : 30;
        while (left > 0) {
          try (Lease<String> lease = queue.take(Math.min(left, 50), WAIT)) {
            left -= lease.ackAll();
          }
        }
        queue.sync();
      }
      return Crash.processDeath(scratch.resolve("deep"), scratch.resolve("backlog"));
    }
  }

  /** The machine died in the middle of the last write: its second half is of zeros. */
  Path torn() throws IOException {
    try (Bobbin bobbin = LocalBobbin.open(scratch.resolve("tearing"), standing())) {
      JobQueue<String> queue = queue(bobbin);
      queue.submit("forced");
      queue.sync();
      queue.submitAll(List.of("torn " + "y".repeat(3000), "torn " + "z".repeat(3000)));
      queue.sync();
      Path dead = Crash.processDeath(scratch.resolve("tearing"), scratch.resolve("torn"));
      Path folder = dead.resolve("queues/q");
      Files.delete(folder.resolve("ring"));
      List<BlockAt> blocks = Crash.blocks(dead);
      BlockAt last =
          blocks.stream().filter(block -> block.bodyBytes() > 6000).findFirst().orElseThrow();
      for (BlockAt block : blocks) {
        if (block.number() > last.number()) {
          Crash.zero(block.file(), block.offset(), block.offset() + 4096);
        }
      }
      Crash.zero(last.file(), last.offset() + 4096, last.offset() + 8192);
      return dead;
    }
  }

  /** The lock goes with the process; names and times are those of no machine. */
  static void pack(Path directory, Path zip) throws IOException {
    Files.createDirectories(zip.getParent());
    try (Stream<Path> files = Files.walk(directory);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.setLevel(9);
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.endsWith("lock")) {
          ZipEntry entry = new ZipEntry(directory.relativize(file).toString());
          entry.setLastModifiedTime(FileTime.fromMillis(NOW_MILLIS));
          out.putNextEntry(entry);
          Files.copy(file, out);
        }
      }
    }
  }

  static Path unpack(Path zip, Path directory) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(in, file);
      }
    }
    return directory;
  }
}
