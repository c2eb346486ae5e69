package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Where unfinished jobs lie, and what becomes of that as they finish. */
class ExtentsTest {
  private final MemoryStorage disk = new MemoryStorage();
  private final Segment oldest = segment(1);
  private final Segment newest = segment(2);
  private final Extents extents = new Extents();

  private Segment segment(long number) {
    try {
      return new Segment(
          disk.create(number + ".segment", Segment.header(0, number, 0), 8192), number, 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Jobs of [first, end) but for the gaps, in pairs. */
  private Extent put(Segment in, long first, long end, long... gaps) {
    long bytes = end - first;
    for (int i = 0; i < gaps.length; i += 2) {
      bytes -= gaps[i + 1] - gaps[i];
    }
    Block.Header header =
        new Block.Header(
            (int) bytes, 0, in.number, 0, Block.JOBS, first, end, end, 0, 1, 1, 0, 0, 0);
    Extent extent = new Extent(in, Segment.HEADER_BYTES, header, gaps);
    extents.put(extent);
    return extent;
  }

  @Test
  void bodyHasNoBytesForAGap() {
    Extent extent = put(oldest, 100, 200, 100, 110, 150, 160);
    assertThat(extent.bodyOffsetOf(99)).isEqualTo(-1);
    assertThat(extent.bodyOffsetOf(100)).isEqualTo(-1);
    assertThat(extent.bodyOffsetOf(109)).isEqualTo(-1);
    assertThat(extent.bodyOffsetOf(110)).isZero();
    assertThat(extent.bodyOffsetOf(149)).isEqualTo(39);
    assertThat(extent.bodyOffsetOf(150)).isEqualTo(-1);
    assertThat(extent.bodyOffsetOf(160)).isEqualTo(40);
    assertThat(extent.bodyOffsetOf(199)).isEqualTo(79);
    assertThat(extent.bodyOffsetOf(200)).isEqualTo(-1);
    assertThat(extent.firstUnfinished()).isEqualTo(110);
    assertThat(extent.isWhole()).isTrue();
    assertThat(extent.isFinished(100)).isTrue();
    assertThat(extent.isFinished(110)).isFalse();
  }

  @Test
  void finishingCountsEachByteOnce() {
    Extent extent = put(oldest, 100, 200, 150, 160);
    assertThat(extents.liveBytes()).isEqualTo(90);
    assertThat(oldest.liveBytes).isEqualTo(90);
    extents.finish(90, 120);
    extents.finish(110, 155);
    assertThat(extents.liveBytes()).isEqualTo(40);
    assertThat(oldest.liveBytes).isEqualTo(40);
    assertThat(extent.liveBytes()).isEqualTo(40);
    assertThat(extent.isWhole()).isFalse();
    assertThat(extent.isFinished(149)).isTrue();
    assertThat(extent.isFinished(160)).isFalse();
    assertThat(extent.firstUnfinished()).isEqualTo(160);
    assertThat(extents.finishedIn(extent).nextCovered(0)).isEqualTo(100);
    assertThat(extents.finishedIn(extent).firstUncovered(100)).isEqualTo(160);
    extents.finish(160, 200);
    assertThat(extents.liveBytes()).isZero();
    assertThat(extents.all()).isEmpty();
  }

  @Test
  void finishingWhatIsNotThereChangesNothing() {
    put(oldest, 100, 200);
    extents.finish(0, 100);
    extents.finish(200, 300);
    assertThat(extents.liveBytes()).isEqualTo(100);
  }

  @Test
  void rangeMayCoverSeveral() {
    put(oldest, 100, 200);
    put(oldest, 200, 300);
    put(newest, 400, 500);
    extents.finish(150, 450);
    assertThat(extents.all()).extracting(Extent::first).containsExactly(100L, 400L);
    assertThat(extents.liveBytes()).isEqualTo(100);
    assertThat(oldest.liveBytes).isEqualTo(50);
    assertThat(newest.liveBytes).isEqualTo(50);
    extents.finish(0, 1_000);
    assertThat(extents.all()).isEmpty();
    assertThat(oldest.liveBytes + newest.liveBytes).isZero();
  }

  @Test
  void finishingAllOfOneLeavesTheOthers() {
    put(oldest, 100, 200);
    put(oldest, 200, 300);
    extents.finish(100, 200);
    assertThat(extents.all()).extracting(Extent::first).containsExactly(200L);
  }

  @Test
  void movedExtentCountsInItsNewPlace() {
    put(oldest, 100, 200);
    put(newest, 100, 200, 100, 150);
    assertThat(oldest.liveBytes).isZero();
    assertThat(newest.liveBytes).isEqualTo(50);
    assertThat(extents.liveBytes()).isEqualTo(50);
    put(newest, 100, 200, 100, 200);
    assertThat(extents.all()).isEmpty();
    assertThat(extents.liveBytes()).isZero();
  }

  @Test
  void touchesWhatOverlaps() {
    put(oldest, 100, 200);
    assertThat(extents.touches(0, 100)).isFalse();
    assertThat(extents.touches(0, 101)).isTrue();
    assertThat(extents.touches(199, 200)).isTrue();
    assertThat(extents.touches(200, 300)).isFalse();
    assertThat(extents.touches(150, 151)).isTrue();
    assertThat(new Extents().touches(0, 100)).isFalse();
  }

  @Test
  void findsTheOneThatCovers() {
    Extent extent = put(oldest, 100, 200);
    assertThat(extents.find(99)).isNull();
    assertThat(extents.find(100)).isSameAs(extent);
    assertThat(extents.find(199)).isSameAs(extent);
    assertThat(extents.find(200)).isNull();
  }

  @Test
  void pinnedSegmentIsNotFree() {
    Extent first = put(oldest, 100, 200);
    Extent second = put(newest, 300, 400);
    assertThat(extents.pinFrom(150)).isSameAs(first);
    assertThat(extents.pinFrom(0)).isSameAs(first);
    assertThat(extents.pinFrom(200)).isSameAs(second);
    assertThat(extents.pinFrom(400)).isNull();
    extents.finish(0, 1_000);
    assertThat(extents.isFree(oldest)).isFalse();
    extents.unpin(first);
    assertThat(extents.isFree(oldest)).isFalse();
    extents.unpin(first);
    assertThat(extents.isFree(oldest)).isTrue();
    assertThat(extents.isFree(newest)).isFalse();
    extents.unpin(second);
    assertThat(extents.isFree(newest)).isTrue();
  }

  @Test
  void oldestJobOfASegmentIsFound() {
    put(newest, 50, 60);
    put(oldest, 100, 200, 100, 120);
    put(oldest, 300, 400);
    assertThat(extents.firstIn(oldest, -1)).isEqualTo(120);
    extents.finish(120, 130);
    assertThat(extents.firstIn(oldest, 120)).as("it is gone").isEqualTo(130);
    assertThat(extents.firstIn(oldest, 150)).as("still there").isEqualTo(150);
    assertThat(extents.firstIn(oldest, 55)).as("another segment's").isEqualTo(130);
    extents.finish(100, 400);
    assertThat(extents.firstIn(oldest, 150)).isEqualTo(-1);
    assertThat(extents.firstIn(newest, -1)).isEqualTo(50);
  }
}
