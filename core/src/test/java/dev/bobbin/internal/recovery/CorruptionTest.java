package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.CorruptionException;
import dev.bobbin.JobQueue;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of {@link Recovery}'s table in which nothing can be served, or not all of it. */
@Timeout(300)
class CorruptionTest extends Deaths {
  private static final int BODY = 96;

  private static void refusesAsCorrupt(Path directory, String... inMessage) {
    Map<String, Integer> before = Crash.contents(directory);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThatThrownBy(() -> queue(bobbin))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContainingAll(inMessage);
    }
    assertThat(Crash.contents(directory)).as("nothing was changed").isEqualTo(before);
  }

  // journal: bad before the durable point

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 20, BODY - 8})
  void badBlockBeforeTheDurablePointIsCorruption(int at) {
    Path dead = threeBlocks();
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(at);
    refusesAsCorrupt(dead, bad.file().getFileName().toString(), "at offset " + bad.offset());
  }

  @Test
  void badBlockInAnEarlierSegmentIsCorruption() {
    Path dead = threeLives();
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(20);
    refusesAsCorrupt(dead, bad.file().getFileName().toString(), "at offset " + bad.offset());
  }

  @Test
  void damagedSegmentHeaderIsCorruption() {
    Path dead = threeLives();
    Path middle = Crash.segments(dead).get(1);
    Crash.write(middle, 16, new byte[] {1, 2, 3});
    refusesAsCorrupt(dead, ".segment", "offset");
  }

  @Test
  void damagedHeaderOfTheNewestSegmentIsCorruption() {
    Path dead = threeBlocks();
    List<Path> segments = Crash.segments(dead);
    Path newest = segments.get(segments.size() - 1);
    Crash.write(newest, 16, new byte[] {1, 2, 3});
    refusesAsCorrupt(dead, newest.getFileName().toString(), "at offset 0");
  }

  @Test
  void segmentThatWasCutIsCorruption() throws IOException {
    Path dead = threeLives();
    Path first = Crash.segments(dead).get(0);
    Crash.write(first, 0, new byte[0]);
    try (var channel = Files.newByteChannel(first, StandardOpenOption.WRITE)) {
      channel.truncate(4096 + 40);
    }
    refusesAsCorrupt(dead, first.getFileName().toString());
  }

  @Test
  void emptySegmentFileIsNamed() {
    Path dead = threeBlocks();
    create(Crash.folder(dead).resolve("00000090.segment"), new byte[0]);
    refusesAsCorrupt(dead, "00000090.segment");
  }

  // journal: bad bodies before the durable point

  @ParameterizedTest
  @ValueSource(ints = {BODY, BODY + 40})
  void badBodyOfReadyJobsStopsTheQueueWhenItIsReadBack(int at) {
    Path dead = threeBlocks();
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(at);
    List<String> delivered = new ArrayList<>();
    try (Bobbin bobbin = Bobbin.open(dead)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(queue.recovery().ready()).isEqualTo(4);
      queue.work(1, delivered::add);
      Crash.await("the failure", () -> queue.status().failure().isPresent());
      assertThat(queue.status().failure().orElseThrow())
          .isInstanceOf(CorruptionException.class)
          .hasMessageContainingAll(
              bad.file().getFileName().toString(), "at offset " + bad.offset(), "bobbin verify");
      assertThatThrownBy(queue::close).isInstanceOf(BobbinException.class);
    }
    assertThat(delivered).as("nothing out of a damaged block").isEmpty();
  }

  @Test
  void badBodyOfDelayedJobsIsCorruption() {
    Path dead =
        afterDeath(
            queue -> {
              queue.submit("a", HOUR);
              queue.sync();
              submit(queue, "b");
              queue.sync();
            });
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(BODY + 30);
    refusesAsCorrupt(dead, bad.file().getFileName().toString(), "at offset " + bad.offset());
  }

  // something missing

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void missingSegmentIsCorruption(int missing) throws IOException {
    Path dead = threeLives();
    assertThat(Crash.segments(dead)).hasSizeGreaterThan(2);
    Files.delete(Crash.segments(dead).get(missing));
    refusesAsCorrupt(dead, ".segment", "offset");
  }

  /** No block speaks of it: the ring does, in whose mark its first position is. */
  @Test
  void missingNewestSegmentIsCorruption() throws IOException {
    Path dead = threeLives();
    List<Path> segments = Crash.segments(dead);
    Files.delete(segments.get(segments.size() - 1));
    refusesAsCorrupt(dead, segments.get(segments.size() - 2).getFileName().toString(), "missing");
  }

  @Test
  void missingNewestSegmentOfAClosedQueueIsCorruption() throws IOException {
    Path directory = scratch.resolve("closed");
    for (String payload : List.of("a", "b")) {
      try (Bobbin bobbin = Bobbin.open(directory)) {
        submit(queue(bobbin), payload);
      }
    }
    List<Path> segments = Crash.segments(directory);
    assertThat(segments).hasSizeGreaterThan(1);
    Files.delete(segments.get(segments.size() - 1));
    refusesAsCorrupt(directory, ".segment", "missing");
  }

  @Test
  void missingJournalIsCorruption() throws IOException {
    Path dead = afterDeath(queue -> submit(queue, "a"));
    for (Path segment : Crash.segments(dead)) {
      Files.delete(segment);
    }
    refusesAsCorrupt(dead, "missing");
  }

  @Test
  void missingQueueFileBesideAJournalIsRefused() throws IOException {
    Path dead = threeBlocks();
    Files.delete(Crash.folder(dead).resolve("queue"));
    try (Bobbin bobbin = Bobbin.open(dead)) {
      assertThatThrownBy(() -> queue(bobbin))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("queue is missing");
    }
  }
}
