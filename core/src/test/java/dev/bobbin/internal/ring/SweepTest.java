package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a flush cycle writes of a ring, and what it must not pass. */
@Timeout(120)
class SweepTest extends OneRing {
  private List<Long> cycle(Sweep sweep) {
    sweep.drain();
    sweep.takeEnd();
    return finishCycle(sweep);
  }

  private List<Long> finishCycle(Sweep sweep) {
    List<Long> offered = new ArrayList<>();
    assertThat(
            sweep.advance(
                (m, offset, length, position, kind) -> offer(offered, m, offset, position)))
        .as("no frame that is not published")
        .isTrue();
    sweep.written();
    return offered;
  }

  private static boolean offer(List<Long> offered, ByteBuffer memory, int offset, long position) {
    assertThat(memory.getLong(offset + Frame.POSITION)).isEqualTo(position);
    offered.add(position);
    return true;
  }

  @Test
  void unfinishedJobHoldsItsSpaceUntilItIsWritten() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    long first = submit(100);
    take(256, CAPACITY);
    reader.release();
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(first);
    cycle(sweep);
    assertThat(window.reclaimed()).isEqualTo(ring.tail());
  }

  @Test
  void finishedJobIsNotWritten() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    submit(100);
    long second = submit(100);
    take(1, CAPACITY);
    finishClaim();
    assertThat(cycle(sweep)).containsExactly(second);
    assertThat(cycle(sweep)).isEmpty();
  }

  /** Found in review: space that was finished between drain and end was read after its reuse. */
  @Test
  void jobFinishedAfterTheDrainIsWrittenAndKeepsItsSpace() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    long first = submit(100);
    sweep.drain();
    take(256, CAPACITY);
    finishClaim();
    for (int i = 0; i < 1000 && submit(4000) != Ring.NO_ROOM; i++) {
      take(256, CAPACITY);
      finishClaim();
    }
    sweep.takeEnd();
    assertThat(finishCycle(sweep)).startsWith(first);
  }

  /** A worker that is stopped after it was told that the ring has the oldest jobs. */
  @Test
  void jobsThatFollowThoseThatLeftTheRingAreNotClaimed() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    submit(8);
    submit(8);
    cycle(sweep);
    boolean[] left = {false};
    boolean claimed =
        ring.claim(
            reader,
            claim,
            CAPACITY,
            () -> {
              boolean before = left[0];
              if (!before) {
                left[0] = true;
                assertThat(sweep.pass()).isNotNull();
                submit(8);
              }
              return before;
            });
    assertThat(claimed).isFalse();
    assertThat(ring.hasUnread()).isTrue();
  }

  @Test
  void jobThatFinishesAfterItWasWrittenIsAcked() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    long first = submit(100);
    cycle(sweep);
    take(256, CAPACITY);
    finishClaim();
    var acks = sweep.drain();
    assertThat(acks.contains(first)).isTrue();
    assertThat(acks.covered()).isEqualTo(ring.tail() - first);
  }

  /** In memory: a retry that is counted before a cycle's end and claimed after it. */
  @Test
  void asideFrameClaimedDuringACycleIsNotPassedUnseen() {
    Sweep sweep = new Sweep(ring, window);
    // What Ring.appendAside does, stopped between its count and its claim.
    ring.asides.getAndAdd(1);
    cycle(sweep);
    writer.delayed(new byte[8], 0, 0);
    long position = ring.append(writer);
    window.makeRoom(8, false);
    long written = window.locked(() -> window.settlement().written());
    assertThat(written).isLessThanOrEqualTo(position);
    assertThat(cycle(sweep)).containsExactly(position);
  }
}
