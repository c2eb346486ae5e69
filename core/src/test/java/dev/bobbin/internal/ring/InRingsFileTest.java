package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies in the ring's file besides the ring, and what recovery believes of it. */
class InRingsFileTest {
  private static final long SEED = 77;
  private static final int RING = 256 << 10;

  private final RingFile.Parts parts = RingFile.Parts.inMemory(RING);
  private final FinishedLog log = new FinishedLog(parts.log(), SEED);
  private final InHand inHand = new InHand(parts.inHand());
  private final SettledMark mark = new SettledMark(parts.mark(), SEED);

  private static String range(long from, long to) {
    return from + "-" + to;
  }

  private List<String> recoveredLog(long seed) {
    List<String> found = new ArrayList<>();
    FinishedLog.recover(parts.log(), seed, (from, to) -> found.add(range(from, to)));
    return found;
  }

  private List<String> drained() {
    List<String> found = new ArrayList<>();
    log.drain((from, to) -> found.add(range(from, to)));
    return found;
  }

  private List<String> recoveredInHand() {
    List<String> found = new ArrayList<>();
    InHand.recover(parts.inHand(), (from, to) -> found.add(range(from, to)));
    return found;
  }

  // Finished log.

  @Test
  void reportsAreDrainedOnceAndInOrder() {
    log.offer(8, 16);
    log.offer(64, 72);
    assertThat(drained()).containsExactly("8-16", "64-72");
    log.offer(16, 24);
    assertThat(drained()).containsExactly("16-24");
    assertThat(drained()).isEmpty();
  }

  @Test
  void fullLogTakesNothingUntilItIsDrained() {
    int entries = FinishedLog.bytes(RING) / FinishedLog.ENTRY_BYTES;
    for (int lap = 0; lap < 3; lap++) {
      for (int i = 1; i <= entries; i++) {
        assertThat(log.isFull()).isFalse();
        assertThat(log.offer(i * 8L, i * 8L + 8)).isTrue();
      }
      assertThat(log.isFull()).isTrue();
      assertThat(log.offer(8, 16)).isFalse();
      assertThat(drained())
          .hasSize(entries)
          .startsWith("8-16")
          .endsWith(range(entries * 8L, entries * 8L + 8));
      assertThat(log.isFull()).isFalse();
    }
  }

  @Test
  void logHasAnEntryForEightKibibytesOfTheRing() {
    assertThat(FinishedLog.bytes(64 << 10)).isEqualTo(256 * 32);
    assertThat(FinishedLog.bytes(2 << 20)).isEqualTo(256 * 32);
    assertThat(FinishedLog.bytes(4 << 20)).isEqualTo(512 * 32);
    assertThat(FinishedLog.bytes(64 << 20)).isEqualTo(8192 * 32);
    assertThat(FinishedLog.bytes(1 << 30)).isEqualTo(8192 * 32);
  }

  @Test
  void recoveryFindsReportsThatWereDrainedToo() {
    log.offer(8, 16);
    drained();
    log.offer(64, 72);
    assertThat(recoveredLog(SEED)).containsExactly("8-16", "64-72");
    assertThat(recoveredLog(SEED + 1)).as("another queue's").isEmpty();
  }

  @Test
  void everyBitOfAReportCounts() {
    log.offer(8, 16);
    ByteBuffer entry = parts.log();
    for (int bit = 0; bit < FinishedLog.ENTRY_BYTES * 8; bit++) {
      byte before = entry.get(bit / 8);
      entry.put(bit / 8, (byte) (before ^ 1 << bit % 8));
      assertThat(recoveredLog(SEED)).as("bit %d", bit).isEmpty();
      entry.put(bit / 8, before);
    }
    assertThat(recoveredLog(SEED)).containsExactly("8-16");
  }

  /**
   * Published outputs of SplitMix64 from state 0: files that lie on disks were written with them.
   */
  @Test
  void checksAreMixedAsSplitMix64Does() {
    long step = 0x9E3779B97F4A7C15L;
    assertThat(FinishedLog.mix(0)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(FinishedLog.mix(step)).isEqualTo(0x6E789E6AA1B965F4L);
    assertThat(FinishedLog.mix(2 * step)).isEqualTo(0x06C45D188009454FL);
  }

  @Test
  void emptyRangeIsNotBelieved() {
    log.offer(8, 8);
    log.offer(16, 8);
    assertThat(recoveredLog(SEED)).isEmpty();
  }

  // In hand.

  @Test
  void whatIsHeldIsFoundUntilItIsCleared() {
    InHand.Slot one = inHand.take();
    InHand.Slot other = inHand.take();
    one.add(8, 16);
    one.add(64, 72);
    assertThat(recoveredInHand()).as("not held yet").isEmpty();
    one.hold();
    other.add(16, 24);
    other.hold();
    assertThat(recoveredInHand()).containsExactly("8-16", "64-72", "16-24");
    one.clear();
    assertThat(recoveredInHand()).containsExactly("16-24");
    one.add(80, 88);
    one.hold();
    assertThat(recoveredInHand()).containsExactly("80-88", "16-24");
  }

  @Test
  void slotThatWasGivenBackIsTakenAgainAndEmpty() {
    InHand.Slot one = inHand.take();
    InHand.Slot other = inHand.take();
    one.add(8, 16);
    one.hold();
    other.add(16, 24);
    other.hold();
    inHand.giveBack(one);
    assertThat(recoveredInHand()).containsExactly("16-24");
    InHand.Slot again = inHand.take();
    again.add(32, 40);
    again.hold();
    assertThat(recoveredInHand()).containsExactly("32-40", "16-24");
  }

  @Test
  void workersBeyondTheSlotsGoUnrecorded() {
    int slots = InHand.bytes(RING) / 4096;
    for (int i = 0; i < slots + 2; i++) {
      InHand.Slot slot = inHand.take();
      slot.add(i * 8L + 8, i * 8L + 16);
      slot.hold();
      if (i >= slots) {
        inHand.giveBack(slot);
      }
    }
    assertThat(recoveredInHand())
        .hasSize(slots)
        .doesNotContain(range(slots * 8L + 8, slots * 8L + 16));
  }

  @Test
  void rangesBeyondTheSizeOfASlotGoUnrecorded() {
    InHand.Slot slot = inHand.take();
    for (int i = 1; i <= 300; i++) {
      slot.add(i * 8L, i * 8L + 8);
    }
    slot.hold();
    assertThat(recoveredInHand()).hasSize(255).endsWith("2040-2048");
  }

  @Test
  void rangesBeyondTheSizeOfASlotLeaveTheNextSlotAlone() {
    InHand.Slot full = inHand.take();
    InHand.Slot next = inHand.take();
    next.add(8, 16);
    next.hold();
    next.clear();
    for (int i = 1; i <= 256; i++) {
      full.add(i * 8L, i * 8L + 8);
    }
    assertThat(recoveredInHand()).as("what the next worker gave up long ago").isEmpty();
  }

  @Test
  void anySlotThatWasGivenBackIsTakenAgain() {
    List<InHand.Slot> slots = new ArrayList<>();
    for (int i = 0; i < InHand.bytes(RING) / 4096; i++) {
      slots.add(inHand.take());
    }
    slots.forEach(inHand::giveBack);
    for (int i = 1; i <= slots.size(); i++) {
      InHand.Slot again = inHand.take();
      again.add(i * 8L, i * 8L + 8);
      again.hold();
    }
    assertThat(recoveredInHand()).hasSameSizeAs(slots);
  }

  @Test
  void slotsGrowWithTheRing() {
    assertThat(InHand.bytes(64 << 10)).isEqualTo(8 * 4096);
    assertThat(InHand.bytes(16 << 20)).isEqualTo(16 * 4096);
    assertThat(InHand.bytes(1 << 30)).isEqualTo(64 * 4096);
  }

  @Test
  void nonsenseInASlotIsNotBelieved() {
    ByteBuffer slot = parts.inHand();
    slot.putLong(0, Long.MAX_VALUE).putLong(16, 0).putLong(24, 8).putLong(32, 16).putLong(40, 16);
    slot.putLong(48, 8).putLong(56, 9);
    assertThat(recoveredInHand()).containsExactly("8-9");
    slot.putLong(0, Long.MIN_VALUE);
    assertThat(recoveredInHand()).isEmpty();
  }

  // Settled mark.

  @Test
  void newestMarkCountsAndTheOneBeforeIfItIsTorn() {
    assertThat(mark.load()).isZero();
    mark.store(1_000);
    assertThat(mark.load()).isEqualTo(1_000);
    mark.store(2_000);
    assertThat(mark.load()).isEqualTo(2_000);
    assertThat(new SettledMark(parts.mark(), SEED + 1).load()).as("another queue's").isZero();
    for (int at = 0; at < SettledMark.BYTES; at++) {
      byte before = parts.mark().get(at);
      parts.mark().put(at, (byte) (before ^ 1));
      assertThat(mark.load()).as("byte %d", at).isIn(1_000L, 2_000L);
      parts.mark().put(at, before);
    }
    mark.store(3_000);
    assertThat(mark.load()).isEqualTo(3_000);
  }

  // The file.

  @Test
  void partsLieOneBehindTheOther() {
    assertThat(RingFile.logAt(RING)).isEqualTo(4096 + 8 * 4096);
    assertThat(RingFile.ringAt(RING)).isEqualTo(4096 + 8 * 4096 + 8192);
    assertThat(RingFile.bytes(RING)).isEqualTo(4096 + 8 * 4096 + 8192 + RING);
  }

  @Test
  void resetForgetsEverythingButTheRing() {
    mark.store(8);
    log.offer(8, 16);
    InHand.Slot slot = inHand.take();
    slot.add(8, 16);
    slot.hold();
    parts.ring().putInt(64, 48);
    parts.reset();
    assertThat(mark.load()).isZero();
    assertThat(recoveredLog(SEED)).isEmpty();
    assertThat(recoveredInHand()).isEmpty();
    assertThat(parts.ring().getInt(64)).isEqualTo(48);
    assertThat(parts.ring().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }
}
