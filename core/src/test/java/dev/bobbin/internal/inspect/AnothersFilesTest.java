package dev.bobbin.internal.inspect;

import static dev.bobbin.internal.inspect.Wreck.refused;
import static dev.bobbin.internal.inspect.Wreck.repair;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Damage;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.internal.Crash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole files of another queue in the place of a queue's own, and beside them. */
@Timeout(300)
class AnothersFilesTest {
  @TempDir Path scratch;
  private Path dead;
  private Path queueFile;
  private Path other;

  @BeforeEach
  void begin() {
    dead = new Wreck(scratch).threeBlocks();
    queueFile = Crash.folder(dead).resolve("queue");
    Wreck wreck = new Wreck(scratch.resolve("other"));
    other =
        wreck.afterDeath(
            queue -> {
              Wreck.submit(queue, "theirs");
              queue.sync();
              Wreck.submit(queue, "more of theirs");
              queue.sync();
            });
  }

  private void takeTheirQueueFile() throws IOException {
    Path theirs = Crash.folder(other).resolve("queue");
    Files.copy(theirs, queueFile, StandardCopyOption.REPLACE_EXISTING);
  }

  private void takeTheirSegment() throws IOException {
    Path stray = Crash.folder(dead).resolve("00000007.segment");
    Files.copy(Crash.segments(other).get(0), stray);
  }

  /** Without its own seed no block checks out, and the journal would pass for an empty one. */
  @Test
  void queueFileOfAnotherQueueIsRefused() throws IOException {
    byte[] own = Crash.read(queueFile);
    takeTheirQueueFile();
    refused(dead, ".segment", "another queue", "\"queue\"");

    Map<String, Integer> before = Crash.contents(dead);
    QueueRepair repair = repair(dead);
    assertThat(repair.outcome()).isEqualTo(Outcome.BEYOND_REPAIR);
    assertThat(repair.note()).contains("\"queue\"");
    assertThat(Crash.contents(dead)).isEqualTo(before);
    Files.write(queueFile, own);
    assertThat(Wreck.drained(dead)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void segmentOfAnotherQueueIsRefused() throws IOException {
    takeTheirSegment();
    refused(dead, "00000007.segment", "another queue");
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).containsExactly("a", "b", "c", "d");
  }

  /** By its file the queue is the other one: its own segments are those that are left out. */
  @Test
  void queueFileAndSegmentOfAnotherQueueAreThatQueue() throws IOException {
    byte[] own = Crash.read(queueFile);
    List<Path> ownSegments = Crash.segments(dead);
    takeTheirQueueFile();
    takeTheirSegment();
    refused(dead, ownSegments.get(0).getFileName().toString(), "another queue");

    RepairReport report = Maintenance.repair(dead, RepairOptions.defaults());
    QueueRepair repair = report.queues().get(0);
    assertThat(repair.outcome()).isEqualTo(Outcome.REPAIRED);
    List<Path> named = repair.damages().stream().map(Damage::file).map(Path::getFileName).toList();
    assertThat(named).containsAll(ownSegments.stream().map(Path::getFileName).toList());
    assertThat(Wreck.drained(new Wreck(scratch.resolve("repaired")).copy(dead)))
        .containsExactly("more of theirs", "theirs");

    // Nothing of the queue itself is gone.
    Crash.segments(dead).forEach(Wreck::delete);
    Files.write(queueFile, own);
    for (Path segment : ownSegments) {
      Path copies = report.copies().orElseThrow().resolve("q");
      Files.copy(copies.resolve(segment.getFileName()), segment);
    }
    assertThat(Wreck.drained(dead)).containsExactly("a", "b", "c", "d");
  }
}
