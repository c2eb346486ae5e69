package dev.bobbin.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.CorruptionException;
import dev.bobbin.JobQueue;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueOptions;
import dev.bobbin.RepairOptions;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.journal.JournalScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repairs that do not come to their end, because they are killed or the disk fails. */
@Timeout(300)
class UnfinishedRepairTest {
  private static final int JOBS = 600;
  private static final RepairOptions OPTIONS = RepairOptions.defaults();
  private static final QueueOptions QUICK = Wreck.OPTIONS.withFlushInterval(Duration.ofMillis(2));

  @TempDir Path scratch;
  private Wreck wreck;

  @BeforeEach
  void begin() {
    wreck = new Wreck(scratch);
  }

  /** A damaged queue whose jobs, none of which is lost, take up several segments. */
  private Path largeAndDamaged() {
    Path live = scratch.resolve("large");
    try (Bobbin bobbin = Bobbin.open(live)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), QUICK);
      for (int i = 0; i < JOBS; i++) {
        queue.submit(i + "x".repeat(4000));
      }
    }
    Path dead = wreck.copy(live);
    Wreck.block(dead, 1).damage(20);
    return dead;
  }

  private static void expectAllJobs(Path directory) {
    // Sizes alone: the payloads would fill the message.
    List<String> drained = Wreck.drained(directory, QUICK);
    assertThat(drained.size()).isEqualTo(JOBS);
    assertThat(drained.stream().distinct().count()).isEqualTo(JOBS);
  }

  /** The n-th step fails, and all that follow. */
  private static final class FailingSteps implements Rebuild.Steps {
    private int left;

    FailingSteps(int left) {
      this.left = left;
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      take();
      Files.move(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      take();
      Files.deleteIfExists(file);
    }

    private void take() throws IOException {
      if (left-- <= 0) {
        throw new IOException("disk gone");
      }
    }
  }

  /** Repairs the queue by {@code steps}; false if one failed. */
  private static boolean repaired(Path directory, Rebuild.Steps steps) throws IOException {
    ByteBuffer queue = ByteBuffer.wrap(Crash.read(Crash.folder(directory).resolve("queue")));
    long seed = queue.order(ByteOrder.LITTLE_ENDIAN).getLong(32);
    Path path = Crash.folder(directory).toRealPath();
    QueueFolder folder =
        new QueueFolder(
            "q", path, seed, QUICK.ringBytes(), QUICK.segmentBytes(), QUICK.ringBytes() / 8);
    try (JournalScan scan = Inspection.scan(folder)) {
      Inspection inspection = Inspection.of(folder, scan, (name, done, all) -> {});
      new Rebuild(folder, steps).run(inspection, scan, directory.resolve("repaired-by-test"));
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessage("disk gone");
      return false;
    }
  }

  /** Whichever step fails, the queue is refused or whole, and the next repair ends well. */
  @Test
  void repairWhoseDiskFailsAtAnyStepLosesNothing() throws IOException {
    Path dead = largeAndDamaged();
    int refused = 0;
    int whole = 0;
    boolean done = false;
    for (int step = 0; !done; step++) {
      Path failed = wreck.copy(dead);
      done = repaired(failed, new FailingSteps(step));
      Path opened = wreck.copy(failed);
      try {
        expectAllJobs(opened);
        whole++;
      } catch (CorruptionException e) {
        refused++;
      }
      Maintenance.repair(failed, OPTIONS);
      assertThat(Maintenance.verify(failed).isHealthy()).as("step " + step).isTrue();
      assertThat(Crash.folder(failed).resolve("repairing")).doesNotExist();
      expectAllJobs(failed);
    }
    // The old journal until the oldest of at least three segments is there; then the new one.
    assertThat(refused).isGreaterThanOrEqualTo(3);
    assertThat(whole).isGreaterThanOrEqualTo(3);
  }

  /** Every state in which a kill can leave the replacement of the old journal by the new one. */
  @Test
  void killedRepairRunsAgain() throws IOException {
    Path dead = largeAndDamaged();
    Path repaired = wreck.copy(dead);
    Maintenance.repair(repaired, OPTIONS);
    List<Path> segments = Crash.segments(repaired);
    assertThat(segments).hasSizeGreaterThan(2);
    for (int moved = 0; moved <= segments.size(); moved++) {
      Path killed = wreck.copy(dead);
      Path work = Files.createDirectory(Crash.folder(killed).resolve("repairing"));
      for (int i = 0; i < segments.size(); i++) {
        boolean done = i >= segments.size() - moved;
        Path to = done ? Crash.folder(killed) : work;
        Files.copy(segments.get(i), to.resolve(segments.get(i).getFileName()));
      }
      boolean halfWay = 0 < moved && moved < segments.size();
      var tried = Maintenance.repair(killed, OPTIONS.withDryRun(true)).queues().get(0);
      assertThat(tried.note().contains("interrupted")).as("moved " + moved).isEqualTo(halfWay);
      Maintenance.repair(killed, OPTIONS);
      assertThat(Crash.folder(killed).resolve("repairing")).doesNotExist();
      assertThat(Maintenance.verify(killed).isHealthy()).as("moved " + moved).isTrue();
      expectAllJobs(killed);
    }
  }
}
