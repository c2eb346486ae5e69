package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is appended, acked, and copied forward. */
@Timeout(120)
class JournalTest extends OneJournal {
  @Test
  void forcedJobsSurviveTheMachine() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    append(journal, 64, 64);
    journal.force();
    append(journal, 128, 64);
    assertThat(live(disk.machineDeath())).containsExactly(0L, 64L);
    assertThat(live(disk.processDeath())).containsExactly(0L, 64L, 128L);
  }

  @Test
  void forcedAcksSurviveTheMachine() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    append(journal, 64, 64);
    journal.force();
    ack(journal, 0, 64);
    assertThat(live(disk.machineDeath())).containsExactly(0L, 64L);
    journal.force();
    assertThat(live(disk.machineDeath())).containsExactly(64L);
  }

  /** What other queues' journals left in the buffer that all of them use stays out of the files. */
  @Test
  void blocksArePaddedWithZeros() throws IOException {
    ByteBuffer used = ByteBuffer.allocateDirect(Journal.blockBytes(SEGMENT));
    while (used.hasRemaining()) {
      used.put((byte) 's');
    }
    Journal journal =
        new JournalReader(disk, QUEUE, SEGMENT, 0, new Frames(), size -> used.clear().limit(size))
            .open(0)
            .journal();
    append(journal, 0, 64);
    ack(journal, 0, 64);
    journal.appendClosed();
    journal.force();
    for (String file : disk.list()) {
      assertThat(disk.bytes(file)).as(file).doesNotContain('s');
    }
  }

  @Test
  void rollsToTheNextSegmentAndReadsAcross() throws IOException {
    Journal journal = open(disk);
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      append(journal, (long) i * BIG, BIG);
      all.add((long) i * BIG);
    }
    journal.force();
    assertThat(journal.bytes()).isEqualTo(3L * SEGMENT);
    assertThat(live(disk.machineDeath())).isEqualTo(all);
  }

  @Test
  void recycledSegmentsStaleBlocksAreNotBelieved() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 200; i++) {
      append(journal, (long) i * BIG, BIG);
      journal.force();
      ack(journal, (long) i * BIG, (long) (i + 1) * BIG);
      journal.force();
      MemoryStorage dead = disk.machineDeath();
      assertThat(live(dead)).as("after job %d", i).isEmpty();
    }
    assertThat(disk.created).as("segments are recycled").isLessThan(8);
    append(journal, 200L * BIG, 64);
    journal.force();
    assertThat(live(disk.machineDeath())).containsExactly(200L * BIG);
  }

  /** Invariants 4 and 5: one old job, and much traffic. */
  @Test
  void longLivedJobIsCopiedForwardAndTheJournalStaysSmall() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    long next = 64;
    for (int i = 0; i < 300; i++) {
      append(journal, next, BIG);
      journal.force();
      journal.reclaim();
      ack(journal, next, next + BIG);
      journal.force();
      journal.reclaim();
      next += BIG;
      assertThat(journal.bytes()).isLessThanOrEqualTo(5L * SEGMENT);
      if (i % 10 == 0) {
        assertThat(live(disk.machineDeath())).as("after job %d", i).containsExactly(0L);
        assertThat(live(disk.processDeath())).as("after job %d", i).containsExactly(0L);
      }
    }
    assertThat(disk.names()).hasSizeLessThan(12);
    ack(journal, 0, 64);
    journal.force();
    assertThat(live(disk.machineDeath())).isEmpty();
  }

  /** An opening with smaller jobs than the last one's has to move what that one left. */
  @Test
  void blockLargerThanThisOpeningsLargestJobIsMoved() throws IOException {
    int large = 600 << 10;
    Journal first =
        new JournalReader(disk, QUEUE, SEGMENT, large, new Frames(), ByteBuffer::allocateDirect)
            .open(0)
            .journal();
    append(first, 0, large);
    first.force();
    fillAndAck(first, large);
    Journal second = open(disk.processDeath());
    assertThat(second.segments()).isGreaterThan(4);
    second.reclaimOldest();
    assertThat(live(second)).containsExactly(0L);
    assertThat(second.segments()).isLessThan(5);
  }

  @Test
  void blockThatCannotBeReadDoesNotKeepItsQueueFromOpening() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 4096);
    append(journal, 4096, 4096);
    // Promised: otherwise it would pass for torn.
    journal.force();
    fillAndAck(journal, 8192);
    MemoryStorage dead = disk.processDeath();
    Extent first = journal.extents().all().get(0);
    dead.bytes(first.segment.file.name())[(int) first.bodyOffset + 100] ^= 1;
    Journal again = open(dead);
    again.reclaimOldest();
    assertThatThrownBy(() -> live(again)).isInstanceOf(CorruptionException.class);
  }

  /** Makes what lies before {@code next} worth moving. */
  private static void fillAndAck(Journal journal, long next) throws IOException {
    for (int i = 0; i < 40; i++) {
      append(journal, next, BIG);
      ack(journal, next, next + BIG);
      next += BIG;
    }
    journal.force();
  }

  /** Invariant 5: what was acked before and after its extent was copied forward stays acked. */
  @Test
  void acksOutliveTheirJobsOverCopying() throws IOException {
    Journal journal = open(disk);
    ByteBuffer body = journal.body();
    for (long position = 0; position < 64 * 10; position += 64) {
      body.putInt(64).putInt(0).putLong(position).put(new byte[48]);
    }
    journal.appendJobs(new Span(0, 640, new PositionRanges(), 10, 0));
    journal.force();
    List<Long> expected = new ArrayList<>();
    for (long p = 0; p < 640; p += 64) {
      expected.add(p);
    }
    long next = 640;
    for (int i = 0; i < 100; i++) {
      append(journal, next, BIG);
      journal.force();
      ack(journal, next, next + BIG);
      if (i % 10 == 5) {
        long oldest = expected.remove(expected.size() / 2);
        ack(journal, oldest, oldest + 64);
      }
      journal.force();
      journal.reclaim();
      next += BIG;
      assertThat(live(disk.machineDeath())).as("round %d", i).isEqualTo(expected);
      assertThat(live(disk.processDeath())).as("round %d", i).isEqualTo(expected);
    }
    assertThat(expected).isEmpty();
  }
}
