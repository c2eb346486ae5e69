package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a flush cycle walks over the ring, what it takes out of it, and single frames read in it. */
@Timeout(120)
class SweepStepsTest extends OneRing {
  private final List<Long> offered = new ArrayList<>();
  private final Sweep sweep;

  SweepStepsTest() {
    journaled();
    sweep = new Sweep(ring, window);
  }

  private void aside() {
    writer.delayed(new byte[8], 0, 0);
    ring.appendReserved(writer);
  }

  private void begin() {
    sweep.drain();
    sweep.takeEnd();
    offered.clear();
  }

  /** Offers frames to a target that takes {@code room} of them. */
  private boolean advance(int room) {
    int[] left = {room};
    return sweep.advance(
        (memory, offset, length, position, kind) -> {
          boolean taken = left[0]-- > 0;
          if (taken) {
            offered.add(position);
          }
          return taken;
        });
  }

  private void cycle() {
    begin();
    assertThat(advance(Integer.MAX_VALUE)).isTrue();
    assertThat(sweep.isDone()).isTrue();
    sweep.written();
  }

  // The walk.

  @Test
  void cycleEndsAtWhatWasClaimedWhenItBegan() {
    long first = submit(8);
    begin();
    long late = submit(8);
    assertThat(sweep.end()).isEqualTo(late);
    assertThat(sweep.position()).isEqualTo(first);
    assertThat(sweep.isDone()).isFalse();
    assertThat(advance(Integer.MAX_VALUE)).isTrue();
    assertThat(offered).containsExactly(first);
    assertThat(sweep.position()).isEqualTo(late);
    assertThat(sweep.isDone()).isTrue();
  }

  @Test
  void frameThatIsNotTakenIsOfferedAgain() {
    long first = submit(8);
    long second = submit(8);
    begin();
    assertThat(advance(1)).as("all frames are published").isTrue();
    assertThat(sweep.position()).isEqualTo(second);
    assertThat(sweep.isDone()).isFalse();
    assertThat(advance(1)).isTrue();
    assertThat(offered).containsExactly(first, second);
    assertThat(sweep.isDone()).isTrue();
  }

  @Test
  void whatCouldNotBeWrittenIsOfferedOnceMore() {
    long first = submit(8);
    long second = submit(8);
    begin();
    advance(2);
    sweep.rewind(first);
    assertThat(sweep.isDone()).isFalse();
    advance(2);
    assertThat(offered).containsExactly(first, second, first, second);
  }

  @Test
  void walkStopsBeforeAFrameThatItsProducerIsStillWriting() {
    submit(8);
    long hole = submit(8);
    int offset = (int) hole & (CAPACITY - 1);
    long word = parts.ring().getLong(offset);
    parts.ring().putLong(offset, 0);
    begin();
    assertThat(advance(2)).isFalse();
    assertThat(sweep.position()).isEqualTo(hole);
    parts.ring().putLong(offset, word);
    assertThat(advance(2)).isTrue();
    assertThat(sweep.isDone()).isTrue();
  }

  @Test
  void paddingIsPassedAndNotOffered() {
    advanceTo(CAPACITY - 64);
    cycle();
    long behind = submit(100);
    cycle();
    assertThat(offered).containsExactly(behind);
    assertThat(sweep.position()).isEqualTo(ring.tail());
  }

  // What leaves the ring.

  @Test
  void writtenJobsLeaveTheRingAndAreCountedWithoutAnyOthers() {
    advanceTo(CAPACITY - 128);
    long start = ring.tail();
    submit(8);
    aside();
    submit(100);
    submit(8);
    cycle();
    long end = ring.tail();
    submit(8);
    assertThat(sweep.pass()).isEqualTo(new Ring.Passed(start, end, 3, 48 + 144 + 48));
    assertThat(ring.head()).isEqualTo(end);
    assertThat(sweep.pass()).as("nothing is left of the cycle").isNull();
  }

  @Test
  void jobsThatWorkersTookDoNotLeaveTheRing() {
    submit(8);
    long second = submit(8);
    cycle();
    take(1, CAPACITY);
    assertThat(sweep.pass()).isEqualTo(new Ring.Passed(second, ring.tail(), 1, 48));
  }

  @Test
  void nothingLeavesTheRingBeforeItIsWritten() {
    submit(8);
    begin();
    advance(1);
    assertThat(sweep.pass()).isNull();
    assertThat(ring.hasUnread()).isTrue();
    sweep.written();
    assertThat(sweep.pass()).isNotNull();
  }

  // Single frames.

  /** Null if it has none to read there. */
  private byte[] read(long position) {
    return sweep.read(new long[] {position}, 1)[0];
  }

  private void assertReads(long position, int payloadBytes) {
    assertFrame(read(position), position, payloadBytes);
  }

  private static void assertFrame(byte[] frame, long position, int payloadBytes) {
    assertThat(frame).isNotNull();
    assertThat(Frame.isValid(frame, 0, frame.length, position, SEED)).isTrue();
    assertThat(Frame.payloadLength(frame, 0)).isEqualTo(payloadBytes);
  }

  @Test
  void frameIsReadUntilItIsFinishedOrWritten() {
    long first = submit(20);
    long second = submit(100);
    assertReads(first, 20);
    assertReads(second, 100);
    take(1, CAPACITY);
    finishClaim();
    assertThat(read(first)).as("finished").isNull();
    assertThat(window.reclaimed()).isEqualTo(second);
    assertThat(read(first)).as("its space is given back").isNull();
    assertReads(second, 100);
    cycle();
    assertThat(read(second)).as("written").isNull();
  }

  @Test
  void frameIsReadWhileOneBeforeItIsUnfinished() {
    long first = submit(8);
    long second = submit(8);
    take(2, CAPACITY);
    window.finish(second, ring.tail());
    assertReads(first, 8);
    assertThat(read(second)).isNull();
  }

  @Test
  void severalFramesAreReadAtOnceAndThoseThatAreNotThereAreNull() {
    long first = submit(8);
    long second = submit(20);
    long third = submit(100);
    take(3, CAPACITY);
    window.finish(second, third);
    byte[][] frames = sweep.read(new long[] {third, second, first, third}, 3);
    assertThat(frames).as("no more than were asked for").hasNumberOfRows(3);
    assertFrame(frames[0], third, 100);
    assertThat(frames[1]).as("finished").isNull();
    assertFrame(frames[2], first, 8);
  }

  @Test
  void nothingIsReadWhereNoFrameLies() {
    assertThat(read(ring.tail())).as("not published").isNull();
    advanceTo(CAPACITY - 64);
    long padding = ring.tail();
    submit(100);
    assertThat(read(padding)).as("padding").isNull();
    assertReads(padding + 64, 100);
  }
}
