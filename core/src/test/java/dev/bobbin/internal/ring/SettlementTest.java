package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Up to where the jobs of a ring are settled, and who gets to know of it. */
@Timeout(120)
class SettlementTest extends OneRing {
  private long written() {
    return window.locked(() -> window.settlement().written());
  }

  private long settled() {
    return window.locked(() -> window.settlement().settled());
  }

  private long marked() {
    return new SettledMark(parts.mark(), SEED).load();
  }

  private long aside() {
    writer.delayed(new byte[8], 0, 0);
    return ring.appendReserved(writer);
  }

  private void finish(int jobs) {
    assertThat(take(jobs, CAPACITY)).hasSize(jobs);
    finishClaim();
  }

  private Sweep begun() {
    Sweep sweep = new Sweep(ring, window);
    sweep.drain();
    sweep.takeEnd();
    return sweep;
  }

  /** Writes at most {@code frames}. */
  private static void write(Sweep sweep, int frames) {
    int[] left = {frames};
    assertThat(sweep.advance((m, offset, length, position, kind) -> left[0]-- > 0)).isTrue();
    sweep.written();
  }

  // What counts as written.

  @Test
  void withoutAJournalAPublishedJobCountsAsWritten() {
    submit(8);
    assertThat(written()).isEqualTo(ring.tail());
  }

  @Test
  void withAJournalOnlyWhatACycleWroteDoes() {
    journaled();
    long first = submit(8);
    assertThat(written()).isEqualTo(first);
    write(begun(), 1);
    assertThat(written()).isEqualTo(ring.tail());
  }

  @Test
  void asideFrameIsNotWrittenByItselfNorWhatFollowsIt() {
    submit(8);
    assertThat(written()).isEqualTo(ring.tail());
    long aside = aside();
    submit(8);
    assertThat(written()).isEqualTo(aside);
  }

  @Test
  void jobsCountAsWrittenAgainAfterTheAsideFramesAre() {
    aside();
    aside();
    write(begun(), 2);
    submit(8);
    assertThat(written()).isEqualTo(ring.tail());
  }

  @Test
  void cycleThatStoppedBeforeAnAsideFrameHasNotWrittenIt() {
    aside();
    long second = aside();
    write(begun(), 1);
    submit(8);
    assertThat(written()).isEqualTo(second);
  }

  // What is settled.

  @Test
  void settledEndsAtTheFirstJobThatTheCycleHasYetToWrite() {
    journaled();
    submit(8);
    long second = submit(8);
    submit(8);
    finish(1);
    Sweep sweep = begun();
    finish(2);
    assertThat(settled()).as("finished, but after the cycle began").isEqualTo(second);
    write(sweep, 2);
    assertThat(settled()).isEqualTo(ring.tail());
  }

  /** Else short jobs would wait for the next cycle to give their space back. */
  @Test
  void cycleHoldsNothingBehindItsEnd() {
    journaled();
    submit(8);
    finish(1);
    begun();
    submit(8);
    submit(8);
    finish(2);
    assertThat(settled()).isEqualTo(ring.tail());
  }

  @Test
  void recoveryIsToldUpToWhereAllIsSettled() {
    journaled();
    submit(8);
    long second = submit(8);
    finish(1);
    assertThat(settled()).isEqualTo(second);
    assertThat(marked()).isEqualTo(second);
    finish(1);
    window.makeRoom(8, false);
    assertThat(marked()).isEqualTo(ring.tail());
  }

  // Acks.

  @Test
  void jobThatFinishedWhileItWasWrittenIsAcked() {
    journaled();
    long first = submit(8);
    Sweep sweep = begun();
    finish(1);
    assertThat(window.hasAcks()).as("not written yet").isFalse();
    write(sweep, 1);
    assertThat(window.hasAcks()).isTrue();
    assertThat(sweep.drain().contains(first)).isTrue();
    assertThat(window.hasAcks()).as("taken").isFalse();
    assertThat(sweep.drain().isEmpty()).isTrue();
  }

  /** Kept for as long as the queue lives, they would outgrow its memory. */
  @Test
  void rangesOfWhatIsWrittenAreForgotten() {
    journaled();
    long first = submit(8);
    Sweep sweep = begun();
    finish(1);
    assertThat(window.locked(() -> window.settlement().firstUnfinished(first)))
        .isEqualTo(ring.tail());
    write(sweep, 1);
    assertThat(window.locked(() -> window.settlement().firstUnfinished(first))).isEqualTo(first);
  }
}
