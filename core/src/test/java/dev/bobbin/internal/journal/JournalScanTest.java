package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is found in a damaged journal. There are seven blocks of one page, 0 to 6, in one segment;
 * each but the last was forced.
 */
@Timeout(60)
class JournalScanTest {
  private static final int PAGE = Block.ALIGNMENT;
  private static final int SEGMENT = 64 * PAGE;
  private static final long QUEUE = 0x5eed;
  private static final int BODY = 64;
  private static final String FILE = "00000000.segment";

  private final MemoryStorage disk = new MemoryStorage();

  private static Journal open(MemoryStorage on) throws IOException {
    return new JournalReader(
            on, QUEUE, SEGMENT, 0, new OneJournal.Frames(), ByteBuffer::allocateDirect)
        .open(0)
        .journal();
  }

  @BeforeEach
  void write() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 7; i++) {
      ByteBuffer body = journal.body();
      for (int at = 0; at < BODY; at++) {
        body.put((byte) (i + 1));
      }
      long first = i * (long) BODY;
      journal.appendJobs(new Span(first, first + BODY, new PositionRanges(), 1, 0));
      if (i < 6) {
        journal.force();
      }
    }
  }

  private static long at(int block) {
    return Segment.HEADER_BYTES + (long) block * PAGE;
  }

  private ByteBuffer header(int block) {
    return ByteBuffer.wrap(disk.bytes(FILE), (int) at(block), Block.HEADER_BYTES).slice();
  }

  private void damage(int block, int offset) {
    disk.bytes(FILE)[(int) at(block) + offset] ^= 1;
  }

  /** The block has another kind, and belongs to another segment; its checksum matches. */
  private void forge(int block, int kind, long segment) {
    Block.Header header = Block.read(header(block), QUEUE);
    Block.Header forged =
        new Block.Header(
            header.bodyBytes(),
            header.bodyCheck(),
            segment,
            header.number(),
            kind,
            header.first(),
            header.end(),
            header.journaledEnd(),
            header.durable(),
            header.oldestSegment(),
            header.ready(),
            header.asides(),
            header.gaps(),
            header.gapCheck());
    Block.seal(header(block), forged, QUEUE);
  }

  private JournalScan scan() throws IOException {
    return JournalScan.of(disk, QUEUE, SEGMENT);
  }

  private static List<Long> numbers(JournalScan scan) {
    return scan.blocks().stream().map(StoredBlock::number).toList();
  }

  private static Hole hole(int from, int to, long lowest, boolean mayHoldMoved) {
    return new Hole(FILE, 1, at(from), to < 0 ? SEGMENT : at(to), lowest, mayHoldMoved);
  }

  // What is missing.

  @Test
  void wholeJournalHasNoFlaw() throws IOException {
    JournalScan scan = scan();
    assertThat(scan.flaws()).isEmpty();
    assertThat(scan.holes()).isEmpty();
    assertThat(numbers(scan)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(scan.journaledEnd()).isEqualTo(7 * BODY);
    assertThat(scan.tornBytes()).isZero();
    assertThat(scan.closed()).isFalse();
    assertThat(scan.segments()).containsExactly(FILE);
    assertThat(scan.allFiles()).containsExactly(FILE, "00000001.segment");
    assertThat(scan.spares()).isEqualTo(1);
    assertThat(scan.outdated()).containsExactly("00000001.segment");
    assertThat(scan.describe(FILE)).isEqualTo("memory/" + FILE);
  }

  @Test
  void oneMissingBlockIsNamed() throws IOException {
    damage(2, 20);
    JournalScan scan = scan();
    assertThat(scan.flaws())
        .containsExactly(
            new Flaw(FILE, at(2), "block 2, which was forced", "no header that checks out"));
    assertThat(scan.holes()).containsExactly(hole(2, 3, 0, true), hole(7, -1, 0, false));
    assertThat(numbers(scan)).containsExactly(0L, 1L, 3L, 4L, 5L, 6L);
  }

  @Test
  void severalMissingBlocksAreNamedTogether() throws IOException {
    damage(0, 20);
    damage(3, 20);
    damage(4, 20);
    JournalScan scan = scan();
    assertThat(scan.flaws())
        .extracting(Flaw::expected)
        .containsExactly("block 0, which was forced", "blocks 3 to 4, which was forced");
    assertThat(scan.holes())
        .containsExactly(hole(0, 1, 0, true), hole(3, 5, 0, true), hole(7, -1, 0, false));
  }

  @Test
  void blockThatWasNotForcedIsATornTail() throws IOException {
    damage(6, 20);
    JournalScan scan = scan();
    assertThat(scan.flaws()).isEmpty();
    assertThat(scan.holes()).isEmpty();
    assertThat(numbers(scan)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(scan.journaledEnd()).isEqualTo(6 * BODY);
  }

  @Test
  void bodyThatWasNotForcedIsATornTail() throws IOException {
    damage(6, Block.HEADER_BYTES);
    JournalScan scan = scan();
    assertThat(scan.flaws()).isEmpty();
    assertThat(numbers(scan)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(scan.tornBytes()).isEqualTo(PAGE);
  }

  @Test
  void scanClosesWhatItOpened() throws IOException {
    int before = disk.open();
    JournalScan scan = scan();
    assertThat(disk.open()).isEqualTo(before + 2);
    scan.close();
    assertThat(disk.open()).isEqualTo(before);
  }

  // What is left of it.

  private byte[] bodyBehind(int block) throws IOException {
    return scan().bodyBehind(FILE, at(block), at(block + 1), 0);
  }

  @Test
  void bodyBehindADamagedHeaderIsFound() throws IOException {
    damage(2, 20);
    assertThat(bodyBehind(2)).hasSize(BODY).containsOnly(3);
  }

  @Test
  void bodyThatFillsTheHoleIsFoundAndALongerOneIsNot() throws IOException {
    damage(2, 20);
    long end = at(2) + Block.HEADER_BYTES + BODY;
    assertThat(scan().bodyBehind(FILE, at(2), end, 0)).hasSize(BODY);
    assertThat(scan().bodyBehind(FILE, at(2), end - 1, 0)).isNull();
  }

  @Test
  void blockOfAnEarlierUseHasNoBodyToSave() throws IOException {
    assertThat(bodyBehind(2)).isNull();
  }

  @Test
  void damagedBodyIsNotSavedAsAWhole() throws IOException {
    damage(2, 20);
    damage(2, Block.HEADER_BYTES + 3);
    assertThat(bodyBehind(2)).isNull();
  }

  @Test
  void lengthThatWasMadeUpIsNotRead() throws IOException {
    for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, PAGE, BODY + 1}) {
      header(2).order(ByteOrder.LITTLE_ENDIAN).putInt(8, length);
      assertThat(bodyBehind(2)).as("%d", length).isNull();
    }
  }

  @Test
  void behindTheEndOfTheFileIsNothing() throws IOException {
    JournalScan scan = scan();
    assertThat(scan.bodyBehind(FILE, SEGMENT - 8, SEGMENT, 0)).isNull();
    assertThat(scan.raw(FILE, SEGMENT - 8, 100)).hasSize(8);
    assertThat(scan.raw(FILE, SEGMENT, 100)).isEmpty();
    assertThat(scan.raw(FILE, at(2) + Block.HEADER_BYTES, 2)).containsExactly(3, 3);
  }

  /** In the middle of a hole that begins with block 1. */
  private boolean mayHoldMoved(int block, boolean before) throws IOException {
    return scan().mayHoldMoved(hole(1, 5, 0, true), at(block), before);
  }

  @Test
  void wholeHeaderOfThisSegmentSaysWhetherJobsWereMoved() throws IOException {
    assertThat(mayHoldMoved(2, true)).isFalse();
    forge(2, Block.MOVED, 1);
    assertThat(mayHoldMoved(2, false)).isTrue();
    forge(2, Block.MOVED, 7);
    assertThat(mayHoldMoved(2, true)).as("another use of the file").isFalse();
  }

  @Test
  void damagedHeaderSaysItAsFarAsItIsOne() throws IOException {
    damage(2, 20);
    assertThat(mayHoldMoved(2, true)).as("JOBS").isFalse();
    header(2).put(Block.KIND, (byte) Block.MOVED);
    assertThat(mayHoldMoved(2, false)).as("MOVED").isTrue();
    header(2).put(Block.KIND, (byte) Block.CLOSED);
    assertThat(mayHoldMoved(2, true)).as("CLOSED").isFalse();
    for (byte none : new byte[] {0, 5, -1}) {
      header(2).put(Block.KIND, none);
      assertThat(mayHoldMoved(2, true)).as("kind %d", none).isTrue();
      assertThat(mayHoldMoved(2, false)).as("kind %d", none).isFalse();
    }
  }

  @Test
  void pageWithoutAHeaderSaysNothingButTheFirst() throws IOException {
    for (int block = 1; block <= 2; block++) {
      header(block).put(Block.KIND, (byte) Block.MOVED);
      damage(block, 0);
    }
    assertThat(mayHoldMoved(1, false)).as("a header lay there").isTrue();
    assertThat(mayHoldMoved(2, false)).isFalse();
    assertThat(mayHoldMoved(2, true)).isTrue();
  }

  @Test
  void endOfTheFileSaysNothing() throws IOException {
    Hole hole = hole(1, -1, 0, true);
    assertThat(scan().mayHoldMoved(hole, SEGMENT - 8, true)).isTrue();
    assertThat(scan().mayHoldMoved(hole, SEGMENT - 8, false)).isFalse();
  }

  @Test
  void gapsOfABlockWithoutJobsAreCheckedToo() throws IOException {
    Journal journal = open(disk);
    PositionRanges gaps = new PositionRanges();
    gaps.add(7 * BODY, 1_000);
    journal.body();
    journal.appendJobs(new Span(7 * BODY, 1_000, gaps, 0, 0));
    journal.force();
    JournalScan scan = scan();
    StoredBlock last = scan.blocks().get(scan.blocks().size() - 1);
    assertThat(scan.gaps(last)).isEmpty();
    disk.bytes(last.file())[(int) last.bodyOffset()] ^= 1;
    assertThatThrownBy(() -> scan.gaps(last)).isInstanceOf(CorruptionException.class);
  }

  @Test
  void restOfAJournalIsKnownByTheSegmentThatIsMissingHere() throws IOException {
    Journal journal = open(disk);
    journal.body();
    journal.appendClosed();
    journal.force();
    MemoryStorage whole = disk.processDeath();
    disk.delete(FILE);
    JournalScan rest = scan();
    assertThat(rest.closed()).isTrue();
    assertThat(rest.goesOnFrom(JournalScan.of(whole, QUEUE, SEGMENT))).isTrue();
    assertThat(rest.goesOnFrom(rest)).isFalse();
    assertThat(rest.goesOnFrom(JournalScan.of(new MemoryStorage(), QUEUE, SEGMENT))).isFalse();
    assertThat(JournalScan.of(whole, QUEUE, SEGMENT).goesOnFrom(rest)).isFalse();
    assertThat(JournalScan.of(new MemoryStorage(), QUEUE, SEGMENT).goesOnFrom(rest)).isFalse();
  }
}
