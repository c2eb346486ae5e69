package dev.bobbin.internal.inspect;

import static dev.bobbin.internal.inspect.Wreck.BODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.RepairOptions;
import dev.bobbin.RepairReport;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What repair makes of damaged directories, on real ones. */
@Timeout(300)
class RepairTest {
  private static final RepairOptions OPTIONS = RepairOptions.defaults();

  @TempDir Path scratch;
  private Wreck wreck;

  @BeforeEach
  void begin() {
    wreck = new Wreck(scratch);
  }

  /**
   * Tries, repairs, looks at the copies and at what is there then; returns what was done.
   *
   * @param ready what is then delivered
   */
  private QueueRepair repairs(Path dead, String... ready) {
    Map<String, Integer> before = Crash.contents(dead);
    RepairReport dry = Maintenance.repair(dead, OPTIONS.withDryRun(true));
    assertThat(Crash.contents(dead)).as("a dry run changes nothing").isEqualTo(before);
    assertThat(dry.copies()).isEmpty();
    assertThat(dry.queues().get(0).outcome()).isEqualTo(Outcome.REPAIRABLE);

    RepairReport report = Maintenance.repair(dead, OPTIONS);
    QueueRepair queue = report.queues().get(0);
    assertThat(queue.outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(queue.damages()).isEqualTo(dry.queues().get(0).damages()).isNotEmpty();
    assertThat(queue.lost()).isEqualTo(dry.queues().get(0).lost());
    Path copies = report.copies().orElseThrow().resolve("q");
    before.forEach(
        (name, content) -> {
          if (name.endsWith(".segment")) {
            Path copy = copies.resolve(Path.of(name).getFileName());
            assertThat(Arrays.hashCode(Crash.read(copy))).as(name).isEqualTo(content);
          }
        });
    assertThat(Maintenance.verify(dead).isHealthy()).isTrue();
    assertThat(Maintenance.repair(dead, OPTIONS).queues().get(0).outcome())
        .as("nothing is left to do")
        .isEqualTo(Outcome.HEALTHY);
    assertThat(queue.ready()).isEqualTo(ready.length);
    assertThat(Wreck.drained(wreck.copy(dead))).as("opened").containsExactly(ready);
    assertThat(Wreck.drained(dead)).containsExactly(ready);
    assertThat(Wreck.drained(dead)).as("acks hold again").isEmpty();
    return queue;
  }

  @Test
  void healthyQueueIsLeftAlone() {
    Path dead = wreck.threeBlocks();
    Map<String, Integer> before = Crash.contents(dead);
    RepairReport report = Maintenance.repair(dead, OPTIONS);
    assertThat(report.queues().get(0).outcome()).isEqualTo(Outcome.HEALTHY);
    assertThat(report.copies()).isEmpty();
    assertThat(Crash.contents(dead)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8, 12, 20, 32, BODY - 8})
  void jobsBehindADamagedHeaderAreSaved(int at) {
    Path dead = wreck.threeBlocks();
    Wreck.block(dead, 0).damage(at);
    repairs(dead, "a", "b", "c", "d");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneJobOfADamagedBodyIsLost(int block) {
    Path dead = wreck.threeBlocks();
    BlockAt bad = Wreck.block(dead, block);
    bad.damage(BODY + 40);
    QueueRepair done =
        repairs(dead, block == 0 ? new String[] {"b", "c", "d"} : new String[] {"a", "c", "d"});
    assertThat(done.lost()).hasSize(1);
    assertThat(done.lost().get(0).offset()).isEqualTo(bad.offset() + BODY);
    assertThat(done.lostBytes()).isEqualTo(48);
  }

  @Test
  void neighboursInADamagedBodyAreSaved() {
    Path dead =
        wreck.afterDeath(
            queue -> {
              Wreck.submit(queue, "a", "b", "c");
              queue.sync();
              Wreck.submit(queue, "d");
              queue.sync();
            });
    Wreck.block(dead, 0).damage(BODY + 48 + 3);
    repairs(dead, "a", "c", "d");
  }

  @Test
  void damagedGapsLoseNothing() {
    Path dead = wreck.withGap();
    BlockAt bad = Wreck.block(dead, 0);
    bad.damage(BODY + bad.bodyBytes() + 1);
    repairs(dead, "a", "b");
  }

  @Test
  void damagedAcksMeanRedelivery() {
    Path dead = wreck.withAcks();
    Wreck.acks(dead).damage(BODY + 2);
    assertThat(repairs(dead, "a", "b", "c", "d", "e").lostAckBlocks()).isEqualTo(1);
  }

  @Test
  void damageElsewhereKeepsAcks() {
    Path dead = wreck.withAcks();
    Wreck.block(dead, 0).damage(BODY + 40);
    repairs(dead, "c", "d", "e");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void jobsOfASegmentWithoutHeaderAreSaved(int segment) {
    Path dead = wreck.threeLives();
    Crash.write(Crash.segments(dead).get(segment), 16, new byte[] {1, 2, 3});
    repairs(dead, "a", "b", "c");
  }

  @Test
  void segmentThatIsGoneTakesItsJobsWithIt() {
    Path dead = wreck.threeLives();
    Wreck.delete(Crash.segments(dead).get(1));
    repairs(dead, "b", "c");
  }

  @Test
  void newestSegmentThatIsGoneTakesItsJobsWithIt() {
    Path dead = wreck.threeLives();
    Wreck.delete(Crash.segments(dead).get(3));
    repairs(dead, "a", "b");
  }

  /** The one before it says that the queue was closed, but it was opened again. */
  @Test
  void ringIsAskedIfTheNewestSegmentOfAClosedQueueIsGone() {
    Path closed = scratch.resolve("closed");
    try (Bobbin bobbin = Bobbin.open(closed)) {
      Wreck.submit(Wreck.queue(bobbin), "a");
    }
    Path dead = wreck.afterDeath(closed, queue -> Wreck.submit(queue, "b"));
    List<Path> segments = Crash.segments(dead);
    Wreck.delete(segments.get(segments.size() - 1));
    repairs(dead, "a", "b");
  }

  @Test
  void ringIsAskedIfTheWholeJournalIsGone() {
    Path dead = wreck.afterDeath(queue -> Wreck.submit(queue, "a"));
    Crash.segments(dead).forEach(Wreck::delete);
    repairs(dead, "a");
  }

  @Test
  void segmentThatWasCutLosesWhatWasBehindTheCut() {
    Path dead = wreck.threeLives();
    BlockAt first = Wreck.block(dead, 0);
    Wreck.cut(first.file(), first.offset() + BODY + 10);
    repairs(dead, "b", "c");
  }

  @Test
  void delayedDeadAndRetriedJobsAreSaved() {
    Path dead = wreck.mixed();
    Wreck.block(dead, 0).damage(20);
    QueueRepair done = repairs(wreck.copy(dead), "a", "b", "c");
    assertThat(done.delayed()).isEqualTo(2);
    assertThat(done.dead()).isEqualTo(1);
    Maintenance.repair(dead, OPTIONS);
    try (Bobbin bobbin = Bobbin.open(dead)) {
      var queue = Wreck.queue(bobbin);
      assertThat(queue.recovery().delayed()).isEqualTo(2);
      assertThat(queue.recovery().dead()).isEqualTo(1);
      assertThat(queue.deadLetters().list(10).get(0).reason()).isEqualTo("of no use");
    }
  }

  @Test
  void queueFileNeedsABackup() throws IOException {
    Path dead = wreck.threeBlocks();
    Path file = Crash.folder(dead).resolve("queue");
    byte[] good = Crash.read(file);
    Crash.write(file, 34, new byte[] {9, 9});
    Map<String, Integer> before = Crash.contents(dead);
    RepairReport report = Maintenance.repair(dead, OPTIONS);
    assertThat(report.needsBackup()).isTrue();
    assertThat(report.queues().get(0).note()).contains("backup");
    assertThat(Crash.contents(dead)).isEqualTo(before);
    Files.write(file, good);
    assertThat(Wreck.drained(dead)).hasSize(4);
  }

  @Test
  void markerIsWrittenAnew() throws IOException {
    Path dead = wreck.threeBlocks();
    Path marker = dead.resolve("bobbin");
    Files.writeString(marker, "Bxbbin");
    RepairReport report = Maintenance.repair(dead, OPTIONS);
    assertThat(report.damages()).hasSize(1);
    assertThat(report.copies().orElseThrow().resolve("bobbin")).hasContent("Bxbbin");
    assertThat(Wreck.drained(dead)).hasSize(4);
    Wreck.delete(marker);
    Maintenance.repair(dead, OPTIONS);
    assertThat(Maintenance.verify(dead).isHealthy()).isTrue();
  }
}
