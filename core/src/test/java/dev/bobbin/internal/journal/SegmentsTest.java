package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.journal.Storage.NoSpaceException;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Segments as they fill, are freed, and run out. A segment has room for three pages. */
class SegmentsTest {
  private static final long PAGE = Block.ALIGNMENT;
  private static final int SEGMENT = (int) (4 * PAGE);

  private final MemoryStorage disk = new MemoryStorage();
  private final Extents extents = new Extents();
  private Segments segments;

  @BeforeEach
  void open() {
    segments = new Segments(disk, 0x5eed, SEGMENT, 1, 0);
    segments.sealCurrent();
  }

  /** Appends a block of so many pages; returns its segment's number. */
  private long append(int pages, boolean jobs) throws IOException {
    Segment segment = segments.forAppend(pages * PAGE, 0, jobs);
    segments.advance(pages * PAGE);
    return segment.number;
  }

  private long word() throws IOException {
    Segment segment = segments.forWord(0);
    segments.advance(PAGE);
    return segment.number;
  }

  @Test
  void blockThatFillsASegmentToItsEndFits() throws IOException {
    assertThat(append(1, true)).isEqualTo(1);
    assertThat(segments.offset()).isEqualTo(2 * PAGE);
    assertThat(append(2, true)).isEqualTo(1);
    assertThat(append(1, true)).isEqualTo(2);
    assertThat(append(3, true)).isEqualTo(3);
    assertThat(segments.inUse()).isEqualTo(3);
    assertThat(segments.bytes()).isEqualTo(3L * SEGMENT);
    assertThat(segments.oldestNumber()).isEqualTo(1);
  }

  @Test
  void blockThatFitsNoSegmentIsRefused() {
    assertThatThrownBy(() -> append(4, true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not fit a segment of " + SEGMENT);
  }

  @Test
  void afterRecoveryNothingIsWrittenBehindWhatWasFound() throws IOException {
    append(1, true);
    segments.sealCurrent();
    assertThat(append(1, true)).isEqualTo(2);
    segments.sealCurrent();
    assertThat(word()).isEqualTo(3);
  }

  @Test
  void freedSegmentIsUsedAgainAfterALaterForce() throws IOException {
    append(3, true);
    append(3, true);
    assertThat(disk.created).isEqualTo(3);
    // Nothing live: the first is freed. A block says so, and is forced.
    segments.free(10, extents);
    assertThat(segments.inUse()).isEqualTo(1);
    append(3, true);
    assertThat(disk.created).as("not yet reusable").isEqualTo(4);
    segments.free(11, extents);
    append(3, true);
    assertThat(disk.created).as("reused").isEqualTo(4);
    assertThat(segments.forAppend(PAGE, 0, true).file.name()).isEqualTo("00000000.segment");
  }

  @Test
  void asManySparesAreKeptAsAreOfUse() throws IOException {
    for (int i = 0; i < 12; i++) {
      append(3, true);
    }
    segments.free(1, extents);
    segments.free(2, extents);
    // One in use, three spares.
    assertThat(disk.names()).hasSize(4);
    assertThat(disk.open()).isEqualTo(4);
    segments.close();
    assertThat(disk.open()).isZero();
  }

  @Test
  void moreSparesAreKeptBesideManyLiveBytes() throws IOException {
    for (int i = 0; i < 12; i++) {
      append(3, true);
    }
    Segment last = segments.forWord(0);
    live(last, 5 * SEGMENT);
    segments.free(1, extents);
    segments.free(2, extents);
    assertThat(disk.names()).hasSize(1 + 5);
  }

  /** As if it held so many bytes of unfinished jobs. */
  private void live(Segment in, int bytes) {
    extents.put(
        new Extent(
            in,
            Segment.HEADER_BYTES,
            new Block.Header(bytes, 0, in.number, 0, Block.JOBS, 0, bytes, bytes, 0, 1, 1, 0, 0, 0),
            new long[0]));
  }

  // A full disk.

  /** Two segments can be made, and no third. */
  private void fill() throws IOException {
    disk.maxFiles = 2;
    // What recovery has to write may take the reserve.
    assertThat(append(2, true)).isEqualTo(1);
  }

  @Test
  void jobsDoNotTakeTheReserveOnceADiskIsFull() throws IOException {
    fill();
    assertThat(segments.isFull()).isFalse();
    assertThatThrownBy(() -> append(2, true))
        .isInstanceOf(NoSpaceException.class)
        .hasMessageContaining("no room for another segment of " + SEGMENT + " bytes")
        .hasRootCauseMessage("No space left");
    assertThat(segments.isFull()).isTrue();
    assertThat(append(2, false)).as("acks take it").isEqualTo(2);
  }

  @Test
  void jobsThatWereAcceptedBeforeTakeTheReserveToo() throws IOException {
    fill();
    assertThatThrownBy(() -> append(2, true)).isInstanceOf(NoSpaceException.class);
    assertThat(append(2, true)).isEqualTo(2);
    assertThatThrownBy(() -> append(2, false)).isInstanceOf(NoSpaceException.class);
  }

  @Test
  void roomIsFoundAgainWhenThereIsSome() throws IOException {
    fill();
    assertThatThrownBy(() -> append(2, true)).isInstanceOf(NoSpaceException.class);
    assertThat(segments.prepareSpare()).isFalse();
    assertThat(segments.isFull()).isTrue();
    disk.maxFiles = 3;
    assertThat(segments.prepareSpare()).isTrue();
    assertThat(segments.isFull()).isFalse();
    assertThat(append(2, true)).isEqualTo(2);
  }

  @Test
  void withoutASpareTheLastPageIsKeptForTheWordThatMakesOne() throws IOException {
    disk.maxFiles = 2;
    append(3, true);
    assertThat(append(1, false)).isEqualTo(2);
    assertThat(segments.owesWord()).as("nothing was freed").isFalse();
    assertThatThrownBy(() -> append(2, false))
        .as("two pages are left, one of them kept")
        .isInstanceOf(NoSpaceException.class);
    assertThat(append(1, false)).isEqualTo(2);
    segments.free(5, extents);
    assertThat(segments.owesWord()).isTrue();
    assertThat(word()).isEqualTo(2);
    assertThat(segments.owesWord()).as("there is no place left for it").isFalse();
    segments.free(6, extents);
    assertThat(append(3, false)).isEqualTo(3);
  }

  // Copying forward.

  @Test
  void longLivedJobsAreWorthMovingWhenTheJournalIsTwiceWhatIsLive() throws IOException {
    append(3, true);
    live(segments.oldest(), 100);
    append(3, true);
    append(3, true);
    assertThat(segments.isWorthCompacting(0)).as("three segments").isFalse();
    append(3, true);
    assertThat(segments.isWorthCompacting(100)).isTrue();
    assertThat(segments.isWorthCompacting(SEGMENT)).as("just twice").isFalse();
    assertThat(segments.isWorthCompacting(SEGMENT - 1)).isTrue();
    extents.finish(0, 100);
    assertThat(segments.isWorthCompacting(0)).as("it is freed anyway").isFalse();
  }

  @Test
  void onAFullDiskTheOldestIsMovedIfThatGivesBackThreeTimesAsMuch() throws IOException {
    disk.maxFiles = 2;
    append(3, true);
    live(segments.oldest(), SEGMENT / 4);
    assertThatThrownBy(() -> append(3, true)).isInstanceOf(NoSpaceException.class);
    assertThat(segments.isWorthCompacting(SEGMENT / 4)).as("only one").isFalse();
    append(1, false);
    assertThat(segments.isFull()).isTrue();
    assertThat(segments.isWorthCompacting(SEGMENT / 4)).isTrue();
    live(segments.oldest(), SEGMENT / 4 + 1);
    assertThat(segments.isWorthCompacting(SEGMENT / 4 + 1)).isFalse();
    extents.finish(0, SEGMENT);
    assertThat(segments.isWorthCompacting(0)).isFalse();
  }
}
