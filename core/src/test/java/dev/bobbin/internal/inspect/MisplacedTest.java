package dev.bobbin.internal.inspect;

import static dev.bobbin.internal.inspect.Wreck.refused;
import static dev.bobbin.internal.inspect.Wreck.repair;
import static dev.bobbin.internal.inspect.Wreck.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.JobQueue;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.VerifyReport;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Good bytes in a wrong place: copies, headers of other segments, blocks that changed places. */
@Timeout(300)
class MisplacedTest {
  @TempDir Path scratch;
  private Wreck wreck;

  @BeforeEach
  void begin() {
    wreck = new Wreck(scratch);
  }

  /** A block for each job. */
  private Path eachSynced(List<String> jobs) {
    return wreck.afterDeath(
        queue -> {
          for (String job : jobs) {
            submit(queue, job);
            queue.sync();
          }
        });
  }

  /** An older copy of a segment, read behind it, would take back what came since. */
  @Test
  void copyOfASegmentIsRefused() throws IOException {
    Path live = scratch.resolve("live");
    Path[] older = new Path[1];
    Path dead =
        wreck.afterDeath(
            live,
            queue -> {
              submit(queue, "a");
              queue.sync();
              older[0] = Crash.segments(wreck.copy(live)).get(0);
              submit(queue, "b");
              queue.sync();
              submit(queue, "c");
              queue.sync();
            });
    Files.copy(older[0], Crash.folder(dead).resolve("00000007.segment"));
    refused(dead, "00000007.segment", "copy");
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).containsExactly("a", "b", "c");
  }

  /** The blocks behind the damage say that those in front of them were forced. */
  @Test
  void segmentWithoutHeaderAndFirstBlockIsNoSpare() {
    List<String> jobs = IntStream.range(0, 270).mapToObj(i -> "job" + i).toList();
    Path dead = eachSynced(jobs);
    List<Path> segments = Crash.segments(dead);
    assertThat(segments).as("the journal has rolled").hasSize(2);
    Crash.zero(segments.get(1), 0, 2 * 4096);
    refused(dead, segments.get(1).getFileName().toString(), "promised");
  }

  /** The header of a spare checks out, whatever it was brought to. */
  @Test
  void segmentWithTheHeaderOfASpareIsNoSpare() throws IOException {
    Path dead = wreck.threeBlocks();
    List<Path> segments = Crash.segments(dead);
    Path newest = segments.get(segments.size() - 1);
    Path spare;
    try (Stream<Path> files = Files.list(Crash.folder(dead))) {
      spare =
          files
              .filter(f -> f.toString().endsWith(".segment") && !segments.contains(f))
              .findFirst()
              .orElseThrow();
    }
    Crash.write(newest, 0, Arrays.copyOf(Crash.read(spare), 4096));
    refused(dead, newest.getFileName().toString(), "promised");
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("a", "b", "c");
  }

  /** Only the block's header and first job are gone; what lies behind them in it is whole. */
  @Test
  void restOfTheFirstBlockOfASegmentWithoutHeaderIsSaved() {
    Path dead = wreck.afterDeath(queue -> submit(queue, "a"));
    dead =
        wreck.afterDeath(
            dead,
            queue -> {
              submit(queue, "b", "c", "d");
              queue.sync();
              submit(queue, "e");
              queue.sync();
            });
    BlockAt block =
        Crash.blocks(dead).stream().filter(b -> b.bodyBytes() > 100).findFirst().orElseThrow();
    Crash.zero(block.file(), 0, block.offset() + Wreck.BODY + 40);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("c", "d", "e");
  }

  /** A block in an earlier one's place has a higher number than those behind it. */
  @Test
  void blocksThatChangedPlacesHideNoneInBetween() {
    List<String> jobs = IntStream.range(0, 9).mapToObj(i -> "job" + i).toList();
    Path dead = eachSynced(jobs);
    swap(Wreck.block(dead, 1), Wreck.block(dead, 6));
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead))
        .contains("job0", "job2", "job3", "job4", "job5", "job7", "job8");
  }

  /** Of three numbers in falling order only one is in order; the others are looked for by job. */
  @Test
  void blockBetweenTwoThatChangedPlacesIsSaved() {
    Path dead = eachSynced(List.of("a", "b", "c", "d", "e"));
    swap(Wreck.block(dead, 1), Wreck.block(dead, 3));
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("a", "b", "c", "e");
  }

  /** The blocks tell whose header it was. */
  @Test
  void segmentWithTheHeaderOfAnotherOneIsKnownByItsBlocks() {
    List<String> jobs = IntStream.range(0, 600).mapToObj(i -> "job" + i).toList();
    Path dead = eachSynced(jobs);
    List<Path> segments = Crash.segments(dead);
    assertThat(segments).as("the journal has rolled twice").hasSizeGreaterThan(2);
    for (int other : new int[] {0, 2}) {
      Path damaged = wreck.copy(dead);
      byte[] header = Arrays.copyOf(Crash.read(segments.get(other)), 4096);
      Crash.write(Crash.segments(damaged).get(1), 0, header);
      assertThat(repair(damaged).outcome()).isEqualTo(Outcome.REPAIRED);
      assertThat(Wreck.drained(damaged)).containsExactlyInAnyOrderElementsOf(jobs);
    }
  }

  /** It was not promised, and opening does not look for it behind what is torn. */
  @Test
  void lastBlockThatWasMovedOnIsATornTail() {
    Path dead =
        wreck.afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              submit(queue, "b");
              queue.sync();
              queue.take(2, Duration.ZERO).ackAll();
            });
    BlockAt last = Wreck.block(dead, 1);
    int from = (int) last.offset();
    byte[] block = Arrays.copyOfRange(Crash.read(last.file()), from, from + 4096);
    Crash.zero(last.file(), from, from + block.length);
    Crash.write(last.file(), 100 * 4096, block);
    VerifyReport report = Maintenance.verify(dead);
    assertThat(report.isHealthy()).isTrue();
    try (Bobbin bobbin = Bobbin.open(dead)) {
      assertThat(report.queues().get(0).ready()).isEqualTo(Wreck.queue(bobbin).recovery().ready());
    }
  }

  /** The header of a large block lies where its body was, and that seems to reach into the next. */
  @Test
  void blockBehindOneThatWasMovedIntoItselfIsSaved() {
    String large = "large".repeat(810);
    Path dead = eachSynced(List.of("a", large, "b", "c", "d"));
    BlockAt block = Wreck.block(dead, 1);
    int at = (int) block.offset();
    byte[] page = Arrays.copyOfRange(Crash.read(block.file()), at, at + 4096);
    Crash.write(block.file(), at + 4096, page);
    Crash.zero(block.file(), at, at + 4096);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("a", "b", "c", "d");
  }

  /** Of two pairs that changed places, one is in falling order; what it says of others is true. */
  @Test
  void pairsOfBlocksThatChangedPlacesAreSaved() {
    List<String> jobs = IntStream.range(0, 6).mapToObj(i -> "job" + i).toList();
    Path dead = eachSynced(jobs);
    swap(Wreck.block(dead, 1), Wreck.block(dead, 4), 2 * 4096);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).containsExactlyElementsOf(jobs);
  }

  /** What lies behind a header that was brought there is another block's. */
  @Test
  void restOfBlocksWhoseFirstPagesChangedPlacesIsSaved() {
    List<String> first = longJobs("first");
    List<String> second = longJobs("second");
    Path dead =
        wreck.afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              queue.submitAll(first);
              queue.sync();
              submit(queue, "b");
              queue.sync();
              queue.submitAll(second);
              queue.sync();
              submit(queue, "c");
              queue.sync();
            });
    swap(Wreck.block(dead, 1), Wreck.block(dead, 3), 4096);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    // The third one of each lies across the end of the first page.
    assertThat(Wreck.drained(dead))
        .contains("a", "b", "c")
        .containsAll(first.subList(0, 2))
        .containsAll(first.subList(3, 8))
        .containsAll(second.subList(0, 2))
        .containsAll(second.subList(3, 8));
  }

  /** Behind the header that was brought there, the end of the block is not where it says. */
  @Test
  void restOfABlockWhoseFirstPageWasMovedUpIsSaved() {
    List<String> first = longJobs("first");
    List<String> second = longJobs("second");
    Path dead =
        wreck.afterDeath(
            queue -> {
              queue.submitAll(first);
              queue.sync();
              queue.submitAll(second);
              queue.sync();
              submit(queue, "c");
              queue.sync();
            });
    BlockAt block = Wreck.block(dead, 1);
    byte[] file = Crash.read(block.file());
    int at = (int) block.offset();
    // The last page of the first block and the first one of the second change places.
    Crash.write(block.file(), at - 4096, Arrays.copyOfRange(file, at, at + 4096));
    Crash.write(block.file(), at, Arrays.copyOfRange(file, at - 4096, at));
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("c").containsAll(second.subList(3, 8));
  }

  private static List<String> longJobs(String name) {
    return IntStream.range(0, 8).mapToObj(i -> name + i + "-".repeat(1500)).toList();
  }

  /** Which blocks hold jobs that were copied forward, each header says for itself. */
  @Test
  void jobCopiedForwardBehindAnotherDamagedHeaderIsSaved() {
    Path dead = wreck.afterDeath(queue -> submit(queue, "a"));
    for (String job : List.of("b", "c", "d", "e", "f")) {
      dead = wreck.afterDeath(dead, queue -> submitAndSync(queue, job));
    }
    BlockAt moved =
        Crash.blocks(dead).stream().filter(b -> b.kind() == 2).reduce((a, b) -> b).orElseThrow();
    // Its checksum of its body, and the number in the header of the block before it.
    moved.damage(12);
    new BlockAt(moved.file(), moved.offset() - 4096, 0, 1, 0).damage(24);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).containsExactly("a", "b", "c", "d", "e", "f");
  }

  private static void submitAndSync(JobQueue<String> queue, String job) {
    submit(queue, job);
    queue.sync();
  }

  /** By its header and its first block the file was freed long ago. */
  @Test
  void segmentWithTheFirstPagesOfAnOlderOneIsKnownByItsBlocks() {
    Path live = scratch.resolve("live");
    Path[] file = new Path[1];
    byte[][] older = new byte[1][];
    Path dead =
        wreck.afterDeath(
            live,
            queue -> {
              List<String> block = Collections.nCopies(20, "-".repeat(4000));
              queue.submitAll(block);
              queue.sync();
              file[0] = Crash.segments(live).get(0);
              older[0] = Arrays.copyOf(Crash.read(file[0]), 2 * 4096);
              while (Arrays.equals(older[0], 0, 40, Crash.read(file[0]), 0, 40)) {
                queue.take(20, Duration.ofSeconds(10)).ackAll();
                queue.submitAll(block);
                queue.sync();
              }
              queue.take(20, Duration.ofSeconds(10)).ackAll();
              for (String job : List.of("a", "b", "c")) {
                submit(queue, job);
                queue.sync();
              }
            });
    Crash.write(Crash.folder(dead).resolve(file[0].getFileName()), 0, older[0]);
    refused(dead, file[0].getFileName().toString(), "promised");
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("a", "b", "c");
  }

  /**
   * The end of a queue that was closed in order: its last jobs, and the word that it was closed.
   */
  private Path closed() {
    Path live = scratch.resolve("live");
    try (Bobbin bobbin = Bobbin.open(live)) {
      JobQueue<String> queue = Wreck.queue(bobbin);
      submit(queue, "a");
      queue.sync();
      queue.submitAll(longJobs("long").subList(0, 5));
    }
    return wreck.copy(live);
  }

  /** The block that lies where the missing one should says that that one was forced. */
  @Test
  void lastBlockThatChangedPlacesWithTheWordOfTheCloseIsMissed() {
    Path dead = closed();
    BlockAt last = Wreck.block(dead, 1);
    byte[] file = Crash.read(last.file());
    int at = (int) last.offset();
    int end = at + 2 * 4096;
    Crash.write(last.file(), at, Arrays.copyOfRange(file, end, end + 4096));
    Crash.write(last.file(), at + 4096, Arrays.copyOfRange(file, at, end));
    refused(dead, last.file().getFileName().toString(), "forced");
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).hasSize(6);
  }

  /** What is left of it lies behind the last block that is whole. */
  @Test
  void restOfTheLastBlockUnderTheWordOfTheCloseIsSaved() {
    Path dead = closed();
    BlockAt last = Wreck.block(dead, 1);
    int at = (int) last.offset();
    byte[] file = Crash.read(last.file());
    Crash.write(last.file(), at, Arrays.copyOfRange(file, at + 2 * 4096, at + 3 * 4096));
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("a").hasSize(3);
  }

  private static void swap(BlockAt one, BlockAt two) {
    swap(one, two, 4096);
  }

  private static void swap(BlockAt one, BlockAt two, int bytes) {
    byte[] file = Crash.read(one.file());
    int first = (int) one.offset();
    int second = (int) two.offset();
    Crash.write(one.file(), second, Arrays.copyOfRange(file, first, first + bytes));
    Crash.write(one.file(), first, Arrays.copyOfRange(file, second, second + bytes));
  }
}
