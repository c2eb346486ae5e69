package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames in the ring that are no ready jobs: delayed jobs, retries and dead letters. */
@Timeout(120)
class AsidesTest extends OneRing {
  private long aside(int payloadBytes) {
    writer.delayed(new byte[payloadBytes], 0, 0);
    return ring.appendReserved(writer);
  }

  private long skipAsides() {
    return window.locked(ring::skipAsides);
  }

  @Test
  void workerThatFindsNothingElsePassesThemAndHoldsNoSpace() {
    aside(8);
    aside(8);
    assertThat(ring.claim(reader, claim, CAPACITY)).isFalse();
    assertThat(ring.head()).isEqualTo(ring.tail());
    assertThat(ring.hasUnread()).isFalse();
    assertThat(reader.position.getVolatile()).isEqualTo(Reader.NOWHERE);
  }

  @Test
  void withoutWorkersTheyAreSkippedUpToTheFirstJob() {
    aside(8);
    aside(8);
    long job = submit(8);
    aside(8);
    assertThat(skipAsides()).isEqualTo(96);
    assertThat(ring.head()).isEqualTo(job);
    assertThat(skipAsides()).isZero();
    assertThat(take(256, CAPACITY)).containsExactly(job);
  }

  @Test
  void windowSkipsThemToo() {
    aside(8);
    window.skipAsides();
    assertThat(ring.head()).isEqualTo(ring.tail());
  }

  @Test
  void paddingInFrontOfThemIsSkipped() {
    advanceTo(CAPACITY - 64);
    long padding = ring.tail();
    long aside = aside(64);
    assertThat(aside).isEqualTo(padding + 64);
    assertThat(skipAsides()).isEqualTo(64 + 104);
    assertThat(ring.head()).isEqualTo(ring.tail());
  }

  @Test
  void thoseThatAreNotPublishedAreNotSkipped() {
    aside(8);
    long hole = aside(8);
    parts.ring().putLong((int) hole & (CAPACITY - 1), 0);
    assertThat(skipAsides()).isEqualTo(48);
    assertThat(ring.head()).isEqualTo(hole);
  }

  @Test
  void theyWakeTheIoThreadWhichHasToSeeToThem() {
    doorbell.ioWaits();
    aside(8);
    assertThat(doorbell.ioIsWaiting()).isFalse();
    doorbell.ioWaits();
    writer.delayed(new byte[8], 0, 0);
    ring.appendAside(writer);
    assertThat(doorbell.ioIsWaiting()).isFalse();
  }

  @Test
  void thoseThatFoundNoRoomWakeNobody() {
    window.refuse(true);
    doorbell.ioWaits();
    writer.delayed(new byte[8], 0, 0);
    assertThat(ring.appendAside(writer)).isEqualTo(Ring.NO_ROOM);
    assertThat(submit(8)).isEqualTo(Ring.NO_ROOM);
    assertThat(doorbell.ioIsWaiting()).isTrue();
  }

  @Test
  void theyAreCountedWhetherTheyFoundRoomOrNot() {
    aside(8);
    window.refuse(true);
    ring.appendAside(writer);
    assertThat(ring.asides.getVolatile()).isEqualTo(2);
    assertThat(ring.asidesPlaced.getVolatile()).as("none is still on its way").isEqualTo(2);
  }
}
