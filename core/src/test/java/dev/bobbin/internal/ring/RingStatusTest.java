package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a ring says of itself, and what becomes of a frame that cannot be written. */
@Timeout(120)
class RingStatusTest extends OneRing {
  private void aside() {
    writer.delayed(new byte[8], 0, 0);
    ring.appendReserved(writer);
  }

  private void ready(int payloadBytes, long millis) {
    writer.ready(new byte[payloadBytes], millis);
    assertThat(ring.append(writer)).isNotEqualTo(Ring.NO_ROOM);
  }

  @Test
  void readyJobsThatWerePutInAreCounted() {
    assertThat(ring.appended()).isZero();
    submit(8);
    submit(8);
    aside();
    submit(8);
    window.refuse(true);
    submit(8);
    assertThat(ring.appended()).isEqualTo(3);
    take(256, CAPACITY);
    assertThat(ring.appended()).as("taken or not").isEqualTo(3);
  }

  @Test
  void headFollowsWhatIsTaken() {
    long first = submit(8);
    long second = submit(8);
    assertThat(ring.head()).isEqualTo(first);
    take(1, CAPACITY);
    assertThat(ring.head()).isEqualTo(second);
    assertThat(ring.hasUnread()).isTrue();
    take(1, CAPACITY);
    assertThat(ring.head()).isEqualTo(ring.tail());
    assertThat(ring.hasUnread()).isFalse();
  }

  @Test
  void oldestReadyJobIsTheFirstThatNoWorkerHasTaken() {
    assertThat(ring.oldestReadyMillis()).isEqualTo(Long.MAX_VALUE);
    ready(8, 3_000);
    ready(8, 4_000);
    assertThat(ring.oldestReadyMillis()).isEqualTo(3_000);
    take(1, CAPACITY);
    assertThat(ring.oldestReadyMillis()).isEqualTo(4_000);
    take(1, CAPACITY);
    assertThat(ring.oldestReadyMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void oldestReadyJobIsFoundBehindPadding() {
    advanceTo(CAPACITY - 64);
    ready(100, 5_000);
    assertThat(ring.oldestReadyMillis()).isEqualTo(5_000);
  }

  /** A look takes no lock, and so must end. */
  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "255, true", "256, false"})
  void oldestReadyJobIsFoundBehindSoManyOthers(int asides, boolean found) {
    for (int i = 0; i < asides; i++) {
      aside();
    }
    ready(8, 6_000);
    assertThat(ring.oldestReadyMillis()).isEqualTo(found ? 6_000 : Long.MAX_VALUE);
  }

  /** A place that was claimed has to become passable, or no worker would ever get beyond it. */
  @Test
  void frameThatCannotBeWrittenLeavesAPlaceThatIsPassed() {
    ByteBuffer badMapping = ByteBuffer.allocateDirect(CAPACITY).limit(1024);
    Ring broken = new Ring(badMapping, 0, true, SEED, doorbell);
    broken.limit.setRelease(CAPACITY / 2);
    writer.ready(new byte[2000], 0);
    assertThatThrownBy(() -> broken.append(writer)).isInstanceOf(IndexOutOfBoundsException.class);
    broken.memory().limit(CAPACITY);
    writer.ready(new byte[8], 0);
    long next = broken.append(writer);
    assertThat(next).isEqualTo(2040);
    Claim batch = broken.newClaim(1);
    assertThat(broken.claim(reader, batch, CAPACITY)).isTrue();
    assertThat(batch.positionAt(batch.offset(0))).isEqualTo(next);
    List<Long> ranges = new ArrayList<>();
    batch.forEachRange((from, to) -> ranges.addAll(List.of(from, to)));
    assertThat(ranges).as("passed as padding is").containsExactly(0L, broken.tail());
  }

  @Test
  void ringOfAnOddSizeOrStartIsRefused() {
    ByteBuffer odd = ByteBuffer.allocateDirect(3 << 10);
    assertThatThrownBy(() -> new Ring(odd, 0, true, SEED, doorbell))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3072");
    assertThatThrownBy(() -> new Ring(parts.ring(), 8, true, SEED, doorbell))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 8");
  }
}
