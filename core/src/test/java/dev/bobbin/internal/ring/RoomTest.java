package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much room a window gives, to the byte, who is told of it, and who holds it. */
@Timeout(120)
class RoomTest extends OneRing {
  private long append(int frameBytes) {
    writer.ready(new byte[frameBytes - Frame.HEADER_BYTES], 0);
    return ring.append(writer);
  }

  private static void assertEnds(Thread thread) throws InterruptedException {
    thread.join(60_000);
    assertThat(thread.isAlive()).isFalse();
  }

  // How much.

  /** Room is for the frame, for padding in front of it if it needs any, and for the word behind. */
  @ParameterizedTest
  @CsvSource({"48, 0", "64, 0", "72, 64", "104, 64"})
  void roomIsGivenWhereAFrameFitsToTheByte(int frameBytes, int padding) {
    advanceTo(CAPACITY - 64);
    long position = ring.tail() + padding;
    long needed = position + frameBytes + Long.BYTES;
    window.ceiling(needed - 1);
    assertThat(window.makeRoom(frameBytes, false)).isFalse();
    assertThat(append(frameBytes)).isEqualTo(Ring.NO_ROOM);
    window.ceiling(needed);
    assertThat(window.makeRoom(frameBytes, false)).isTrue();
    assertThat(append(frameBytes)).isEqualTo(position);
  }

  @Test
  void ceilingHoldsAtOnceAndIsLiftedAtOnce() {
    window.ceiling(ring.tail());
    assertThat(append(48)).isEqualTo(Ring.NO_ROOM);
    window.ceiling(Long.MAX_VALUE);
    assertThat(append(48)).isNotEqualTo(Ring.NO_ROOM);
  }

  @Test
  void allowanceHoldsAtOnceAndIsLiftedAtOnce() {
    window.allow(() -> -1);
    assertThat(append(48)).isEqualTo(Ring.NO_ROOM);
    window.allow(() -> 48 + Long.BYTES);
    assertThat(append(48)).isNotEqualTo(Ring.NO_ROOM);
    assertThat(append(48)).isEqualTo(Ring.NO_ROOM);
    window.allow(() -> Long.MAX_VALUE);
    assertThat(append(48)).isNotEqualTo(Ring.NO_ROOM);
  }

  /** Below every position, of a ring that began at zero too: producers look for this very value. */
  @Test
  void limitOfARefusingRingIsBelowEveryPosition() {
    window.refuse(true);
    assertThat(ring.limit.getVolatile()).isEqualTo(Ring.REFUSING);
    window.makeRoom(8, false);
    assertThat(ring.limit.getVolatile()).as("also when others make room").isEqualTo(Ring.REFUSING);
  }

  @Test
  void copiesFitAmplyIfBatchesInHandCouldStillBeRetried() {
    journaled();
    long used = 0;
    while (used < CAPACITY / 2) {
      used = submit(1000) + 1040 - CAPACITY;
    }
    assertThat(window.inHandBytes()).isEqualTo(CAPACITY / 8);
    int most = CAPACITY - (int) used - CAPACITY / 8;
    assertThat(window.hasAmple(most)).isTrue();
    assertThat(window.hasAmple(most + 1)).isFalse();
    take(1, CAPACITY);
    finishClaim();
    assertThat(window.hasAmple(most + 1040)).as("takes in what was finished").isTrue();
    assertThat(window.hasAmple(most + 1041)).isFalse();
  }

  @Test
  void producersAreAtTheCeilingWhenItLeavesLessThanARing() {
    assertThat(window.isAtCeiling()).isFalse();
    window.ceiling(ring.tail() + CAPACITY);
    assertThat(window.isAtCeiling()).isFalse();
    window.ceiling(ring.tail() + CAPACITY - 1);
    assertThat(window.isAtCeiling()).isTrue();
  }

  // Who is told.

  @Test
  void whoGotNoRoomIsRememberedUntilACycleBegins() {
    assertThat(window.isAwaited()).isFalse();
    assertThat(window.isPressed()).isFalse();
    window.want();
    assertThat(window.isAwaited()).isTrue();
    assertThat(window.isPressed()).isFalse();
    window.press();
    assertThat(window.isPressed()).isTrue();
    window.forgetWanted();
    assertThat(window.isAwaited()).isFalse();
    assertThat(window.isPressed()).isFalse();
  }

  @Test
  void onlyAWindowWithAJournalIsJournaled() {
    assertThat(window.isJournaled()).isFalse();
    journaled();
    assertThat(window.isJournaled()).isTrue();
  }

  @Test
  void writingWouldGiveBackOnlyWhatWorkersHaveRead() {
    journaled();
    submit(8);
    assertThat(window.waitsForWriting()).as("nobody took it").isFalse();
    take(1, CAPACITY);
    assertThat(window.waitsForWriting()).as("being read").isFalse();
    reader.release();
    assertThat(window.waitsForWriting()).as("in hand").isTrue();
    claim.forEachRange(window::finish);
    assertThat(window.waitsForWriting()).as("finished").isFalse();
  }

  // Who holds it.

  @Test
  void readerThatIsRemovedHoldsNothingAndTheOthersStillDo() {
    submit(8);
    long second = submit(8);
    take(1, CAPACITY);
    Reader other = window.addReader();
    assertThat(ring.claim(other, claim, CAPACITY)).isTrue();
    window.removeReader(reader);
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(second);
    window.removeReader(other);
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(ring.tail());
  }

  /** There are few places for what workers have in hand, and workers come and go. */
  @Test
  void readerThatIsRemovedGivesItsPlaceInTheFileBack() {
    window.addReader().inHand();
    InHand.Slot slot = reader.inHand();
    assertThat(reader.inHand()).as("one for each reader").isSameAs(slot);
    slot.add(8, 16);
    slot.hold();
    assertThat(inHand()).containsExactly(8L);
    window.removeReader(reader);
    assertThat(inHand()).isEmpty();
    for (int i = 1; i < InHand.bytes(CAPACITY) / 4096; i++) {
      InHand.Slot free = window.inHand().take();
      free.add(8L * i, 8L * i + 8);
      free.hold();
      assertThat(inHand()).as("slot %d is recorded", i).hasSize(i);
    }
  }

  private List<Long> inHand() {
    List<Long> found = new ArrayList<>();
    InHand.recover(parts.inHand(), (from, to) -> found.add(from));
    return found;
  }

  // The lock.

  private void assertOthersGetTheLock(String after) throws InterruptedException {
    Thread other = new Thread(() -> window.makeRoom(8, false), "after " + after);
    other.start();
    assertEnds(other);
  }

  @Test
  void nobodyKeepsTheLock() throws Exception {
    Reader other = window.addReader();
    assertOthersGetTheLock("addReader");
    window.removeReader(other);
    assertOthersGetTheLock("removeReader");
    window.makeRoom(8, false);
    assertOthersGetTheLock("makeRoom");
    window.awaitRoom(8, false, 1);
    assertOthersGetTheLock("awaitRoom");
    window.isAtCeiling();
    assertOthersGetTheLock("isAtCeiling");
    window.pass(ring.tail());
    assertOthersGetTheLock("pass");
    window.written(ring.tail(), 0);
    assertOthersGetTheLock("written");
    window.ceiling(Long.MAX_VALUE);
    assertOthersGetTheLock("ceiling");
    window.allow(() -> Long.MAX_VALUE);
    assertOthersGetTheLock("allow");
    window.refuse(false);
    assertOthersGetTheLock("refuse");
  }

  @Test
  void workerReportsWithoutTheLockWhileNobodyWaits() {
    submit(8);
    take(1, CAPACITY);
    Thread worker = new Thread(this::finishClaim);
    Held.during(
        window,
        () -> {
          worker.start();
          Crash.await("the report is made", () -> !worker.isAlive());
        });
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(ring.tail());
  }
}
