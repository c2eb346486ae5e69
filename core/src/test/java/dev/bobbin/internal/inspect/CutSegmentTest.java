package dev.bobbin.internal.inspect;

import static dev.bobbin.internal.inspect.Wreck.repair;
import static dev.bobbin.internal.inspect.Wreck.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueRepair.Outcome;
import dev.bobbin.QueueVerification;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Segments that end in the padding of a block, which holds nothing: the block is whole, and what it
 * says counts.
 */
@Timeout(300)
class CutSegmentTest {
  private static final int GAPS = 36;
  private static final int PAGE = 4096;

  @TempDir Path scratch;
  private Wreck wreck;

  @BeforeEach
  void begin() {
    wreck = new Wreck(scratch);
  }

  /** Where a block of one page ends, but for its padding. */
  private static long contentEnd(BlockAt block) {
    ByteBuffer segment = ByteBuffer.wrap(Crash.read(block.file())).order(ByteOrder.LITTLE_ENDIAN);
    int gaps = segment.getInt((int) block.offset() + GAPS);
    long end = block.offset() + Wreck.BODY + block.bodyBytes() + 16 * gaps;
    assertThat(end).isLessThan(block.offset() + PAGE);
    return end;
  }

  private static QueueVerification verify(Path directory) {
    return Maintenance.verify(directory).queues().get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 1000})
  void newestJobIsSaved(int padding) {
    Path dead = wreck.threeBlocks();
    BlockAt last = Wreck.block(dead, 2);
    Wreck.cut(last.file(), contentEnd(last) + padding);
    QueueVerification found = verify(dead);
    assertThat(found.isHealthy()).isFalse();
    assertThat(found.ready()).isEqualTo(4);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).containsExactly("a", "b", "c", "d");
  }

  /** What was cut off of it may be anything: the one before it says nothing of it. */
  @Test
  void newestJobThatWasCutIsATornTail() {
    Path dead = wreck.threeBlocks();
    BlockAt last = Wreck.block(dead, 2);
    Wreck.cut(last.file(), contentEnd(last) - 1);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("a", "b", "d");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000})
  void jobBeforeAGapIsSaved(int padding) {
    Path dead =
        wreck.afterDeath(
            queue -> {
              submit(queue, "x");
              Crash.take(queue, 1);
              submit(queue, "a");
              queue.sync();
            });
    BlockAt last = Wreck.block(dead, 0);
    Wreck.cut(last.file(), contentEnd(last) + padding);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000})
  void acksAreKept(int padding) {
    Path dead = wreck.withAcks();
    BlockAt acks = Wreck.acks(dead);
    Wreck.cut(acks.file(), contentEnd(acks) + padding);
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(Wreck.drained(dead)).contains("c").doesNotContain("a", "b");
  }

  /** The word of the close is a header and nothing else. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000})
  void wordOfTheCloseIsKept(int padding) {
    Path live = scratch.resolve("live");
    try (Bobbin bobbin = Bobbin.open(live)) {
      submit(Wreck.queue(bobbin), "a");
    }
    Path dead = wreck.copy(live);
    BlockAt last = Wreck.block(dead, 0);
    Wreck.cut(last.file(), last.offset() + PAGE + Wreck.BODY + padding);
    assertThat(verify(dead).cleanlyClosed()).isTrue();
    assertThat(repair(dead).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(verify(dead).cleanlyClosed()).isTrue();
    assertThat(Wreck.drained(dead)).containsExactly("a");
  }
}
