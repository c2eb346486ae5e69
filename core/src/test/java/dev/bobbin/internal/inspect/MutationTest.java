package dev.bobbin.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.JobQueue;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.VerifyReport;
import dev.bobbin.internal.Crash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage of all sorts, drawn at random: the seed is in every message. */
@Timeout(300)
class MutationTest {
  private static final int RUNS = 200;
  private static final int JOBS = 10;

  /** As many blocks can one mutation touch: those in front have witnesses behind. */
  private static final int TOUCHED = 3;

  @TempDir Path scratch;

  @Test
  void whatVerifyCallsHealthyIsHealthyAndWhatItDoesNotIsRepaired() throws IOException {
    List<String> all = IntStream.range(0, JOBS).mapToObj(i -> "job" + i).toList();
    Path base =
        new Wreck(scratch)
            .afterDeath(
                queue -> {
                  for (String job : all) {
                    Wreck.submit(queue, job);
                    queue.sync();
                  }
                });
    long seed = Long.getLong("bobbin.seed", System.nanoTime());
    for (int run = 0; run < RUNS; run++) {
      Path copy = Crash.processDeath(base, scratch.resolve("run" + run));
      String what = "-Dbobbin.seed=" + seed + ", run " + run + ": ";
      what += mutate(copy, new Random(seed * 31 + run));
      VerifyReport report = Maintenance.verify(copy);
      if (!report.isHealthy()) {
        RepairReport repair = Maintenance.repair(copy, RepairOptions.defaults());
        if (repair.needsBackup()) {
          delete(copy);
          continue;
        }
        assertThat(repair.queues().get(0).outcome()).as(what).isNotEqualTo(Outcome.REPAIRABLE);
      }
      List<String> drained = drained(copy, what);
      assertThat(drained).as(what).isSubsetOf(all).doesNotHaveDuplicates();
      if (report.isHealthy()) {
        assertThat(drained).as(what).hasSize((int) report.queues().get(0).ready());
        assertThat(drained).as(what).containsAll(all.subList(0, JOBS - TOUCHED));
      }
      delete(copy);
    }
  }

  private static List<String> drained(Path directory, String what) {
    VerifyReport report = Maintenance.verify(directory);
    assertThat(report.isHealthy()).as(what + report).isTrue();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = Wreck.queue(bobbin);
      long ready = report.queues().get(0).ready();
      assertThat(queue.recovery().ready()).as(what).isEqualTo(ready);
      return Crash.take(queue, (int) ready).stream().map(Crash.Delivered::payload).toList();
    }
  }

  /** Damages one place; returns what was done. */
  private static String mutate(Path directory, Random random) throws IOException {
    Path file =
        switch (random.nextInt(12)) {
          case 0 -> Crash.folder(directory).resolve("queue");
          case 1 -> Crash.ring(directory);
          case 2 -> directory.resolve("bobbin");
          default -> Crash.segments(directory).get(0);
        };
    long size = Files.size(file);
    // Most of a segment is empty.
    // The number in the marker is another version, not damage.
    int end = (int) Math.min(size < 100 ? Math.min(size, 24) : size, 14 * 4096);
    int at = random.nextInt(end);
    if (random.nextInt(2) == 0) {
      // Into a header or a body.
      at = Math.min(end - 1, (at & -4096) + random.nextInt(160));
    }
    switch (random.nextInt(6)) {
      case 0 -> {
        int to = Math.min(end, at + 1 + random.nextInt(2 * 4096 - 1));
        Crash.zero(file, at, to);
        return file + " zeroed from " + at + " to " + to;
      }
      case 1 -> {
        byte[] noise = new byte[1 + random.nextInt(Math.min(200, end - at))];
        random.nextBytes(noise);
        Crash.write(file, at, noise);
        return file + " noise at " + at + " of " + noise.length;
      }
      case 2 -> {
        Wreck.cut(file, at);
        return file + " cut to " + at;
      }
      default -> {
        byte[] one = {(byte) (Crash.read(file)[at] ^ (1 << random.nextInt(8)))};
        Crash.write(file, at, one);
        return file + " one bit at " + at;
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
