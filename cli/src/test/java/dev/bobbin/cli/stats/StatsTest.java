package dev.bobbin.cli.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsTest {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  @TempDir Path scratch;

  private Path dir() {
    return scratch.resolve("dir");
  }

  /** In queue a: 3 ready, 2 delayed, 1 dead; queue b is empty and of other sizes. */
  private void fill() throws InterruptedException {
    try (Bobbin bobbin = Bobbin.open(dir())) {
      JobQueue<String> queue = bobbin.queue("a", Codec.text(), SMALL);
      queue.submit("bad");
      CountDownLatch rejected = new CountDownLatch(1);
      Workers workers =
          queue.workBatches(
              WorkOptions.workers(1),
              batch -> {
                batch.job(0).reject("no good");
                rejected.countDown();
              });
      rejected.await();
      workers.close();
      for (int i = 0; i < 3; i++) {
        queue.submit("ready");
      }
      queue.submit("delayed", Duration.ofDays(1));
      queue.submit("delayed", Duration.ofDays(1));
      bobbin.queue("b", Codec.text(), SMALL.withRingBytes(1 << 20).withSegmentBytes(2 << 20));
    }
  }

  @Test
  void countsAndSizesAreThoseOfTheQueues() throws Exception {
    fill();
    Finished stats = Cli.call("stats", dir(), "-o", "json");
    assertThat(stats.status()).as(stats.err()).isEqualTo(ExitCode.OK);
    List<Map<String, Object>> queues = stats.objects();
    assertThat(queues).hasSize(2);
    assertThat(queues.get(0))
        .containsEntry("queue", "a")
        .containsEntry("ready", 3)
        .containsEntry("inFlight", 0)
        .containsEntry("delayed", 2)
        .containsEntry("unfinished", 5)
        .containsEntry("dead", 1)
        .containsEntry("ringBytes", 256 << 10)
        .containsEntry("segmentBytes", 1 << 20)
        .containsEntry("maxPayloadBytes", 4096)
        .containsEntry("error", null)
        .containsKeys(
            "verdict", "journalBytes", "journalLiveBytes", "oldestSegment", "notDurableBytes");
    assertThat(Cli.members(queues.get(0).get("recovery")))
        .containsEntry("cleanlyClosed", true)
        .containsEntry("ready", 3)
        .containsKey("tookMillis");
    assertThat(queues.get(1))
        .containsEntry("queue", "b")
        .containsEntry("ready", 0)
        .containsEntry("segmentBytes", 2 << 20);
  }

  @Test
  void lookingChangesNoJob() throws Exception {
    fill();
    for (String form : List.of("table", "json", "NDJSON")) {
      assertThat(Cli.call("stats", dir(), "-o", form).status()).isZero();
    }
    try (Bobbin bobbin = Bobbin.open(dir())) {
      RecoveryReport found = bobbin.queue("a", Codec.text(), SMALL).recovery();
      assertThat(List.of(found.ready(), found.delayed(), found.dead())).containsExactly(3L, 2L, 1L);
      assertThat(bobbin.queueNames()).containsExactly("a", "b");
    }
  }

  @Test
  void ndjsonIsALineEachAndTableOneForPeople() throws Exception {
    fill();
    Finished lines = Cli.call("stats", dir(), "-o", "ndjson");
    assertThat(lines.lines()).hasSize(2).allMatch(line -> line.matches("\\{\"queue\":.*\\}"));
    Finished table = Cli.call("stats", dir(), "--queue", "a");
    assertThat(table.lines()).hasSize(3);
    assertThat(table.lines().get(0)).contains("| queue |", "| in flight |", "| last recovery");
    assertThat(table.lines().get(2)).contains("| a ", "| 256.0 KiB |", "was closed; took ");
  }

  @Test
  void queueThatIsNotThereIsNamedBesideThoseThatAre() throws Exception {
    fill();
    Finished stats = Cli.call("stats", dir(), "--queue", "c");
    assertThat(stats.status()).isEqualTo(ExitCode.FAILED);
    assertThat(stats.err()).contains("has no queue 'c'; there are: a, b");
    assertThat(dir().resolve("queues/c")).doesNotExist();
  }

  @Test
  void damagedQueueDoesNotHideTheOthers() throws Exception {
    fill();
    Path file = dir().resolve("queues/a/queue");
    byte[] bytes = Files.readAllBytes(file);
    bytes[24] ^= 1;
    Files.write(file, bytes);
    Finished stats = Cli.call("stats", dir(), "-o", "ndjson");
    assertThat(stats.status()).isEqualTo(ExitCode.CORRUPT);
    assertThat(stats.err()).contains(file.toString());
    assertThat(stats.objectPerLine().get(0))
        .containsEntry("queue", "a")
        .hasEntrySatisfying("error", e -> assertThat((String) e).contains("damaged"));
    assertThat(stats.objectPerLine().get(1)).containsEntry("queue", "b");
    assertThat(Cli.call("stats", dir(), "--queue", "b").status()).isZero();
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void whatIsNotBobbinsIsLeftAlone() throws IOException {
    Finished absent = Cli.call("stats", dir());
    assertThat(absent.status()).isEqualTo(ExitCode.FAILED);
    assertThat(absent.err()).contains(dir().toString(), "does not exist");
    assertThat(dir()).doesNotExist();
    Finished other = Cli.call("stats", scratch);
    assertThat(other.status()).isEqualTo(ExitCode.FAILED);
    assertThat(other.err()).contains("is not a directory of Bobbin");
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void directoryWithoutQueuesIsSaidToHaveNone() {
    Bobbin.open(dir()).close();
    Finished stats = Cli.call("stats", dir(), "-o", "json");
    assertThat(stats.status()).isZero();
    assertThat(stats.out().strip()).isEqualTo("[ ]");
    assertThat(stats.err()).contains("has no queues");
  }
}
