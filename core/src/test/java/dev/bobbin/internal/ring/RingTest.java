package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is appended to a ring and claimed from it, on one thread, position by position. */
@Timeout(120)
class RingTest extends OneRing {
  @Test
  void jobsComeInOrderOfPosition() {
    List<Long> submitted = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      submitted.add(submit(i));
    }
    assertThat(take(256, CAPACITY)).isEqualTo(submitted);
    assertThat(take(256, CAPACITY)).isEmpty();
  }

  @Test
  void batchEndsAtItsSize() {
    for (int i = 0; i < 10; i++) {
      submit(8);
    }
    assertThat(take(3, CAPACITY)).hasSize(3);
    assertThat(take(3, CAPACITY)).hasSize(3);
    assertThat(take(100, CAPACITY)).hasSize(4);
  }

  @Test
  void batchEndsWithTheJobThatReachesItsBytes() {
    for (int i = 0; i < 10; i++) {
      submit(60);
    }
    assertThat(take(256, 1)).hasSize(1);
    assertThat(take(256, 208)).hasSize(2);
    assertThat(take(256, 209)).hasSize(3);
  }

  @Test
  void frameThatDoesNotFitTheEndGoesBehindPadding() {
    advanceTo(CAPACITY - 64);
    long start = ring.tail();
    long position = submit(100);
    assertThat(position).isEqualTo(start + 64);
    assertThat(position % CAPACITY).isZero();
    assertThat(take(256, CAPACITY)).containsExactly(position);
    finishClaim();
    assertThat(window.makeRoom(1024, false)).isTrue();
    assertThat(window.reclaimed()).as("padding is given back too").isEqualTo(ring.tail());
  }

  @Test
  void frameThatFillsTheEndExactlyNeedsNoPadding() {
    advanceTo(CAPACITY - 64);
    long start = ring.tail();
    assertThat(submit(24)).isEqualTo(start);
    assertThat(submit(24)).isEqualTo(start + 64);
    assertThat(take(256, CAPACITY)).as("a batch does not go over the end").containsExactly(start);
    assertThat(take(256, CAPACITY)).containsExactly(start + 64);
  }

  @Test
  void paddingOfTheSmallestSizeIsPassed() {
    advanceTo(CAPACITY - 8);
    long position = submit(16);
    assertThat(position % CAPACITY).isZero();
    assertThat(take(256, CAPACITY)).containsExactly(position);
  }

  @Test
  void claimStopsAtAFrameThatIsNotPublished() {
    long first = submit(8);
    long hole = submit(8);
    long third = submit(8);
    int offset = (int) hole & (CAPACITY - 1);
    long word = parts.ring().getLong(offset);
    parts.ring().putLong(offset, 0);
    assertThat(take(256, CAPACITY)).containsExactly(first);
    finishClaim();
    assertThat(take(256, CAPACITY)).isEmpty();
    assertThat(ring.hasUnread()).isTrue();
    parts.ring().putLong(offset, word);
    assertThat(take(256, CAPACITY)).containsExactly(hole, third);
  }

  /** Whatever a payload contains, no remnant of it is taken for a frame in the next lap. */
  @Test
  void bytesAreZeroedBeforeTheyAreClaimedAgain() {
    Random random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      byte[] payload = new byte[random.nextInt(2000)];
      for (int at = 0; at + 8 <= payload.length; at += 8) {
        // Each word looks like a published frame of 48 bytes.
        payload[at] = 48;
      }
      writer.ready(payload, 0);
      while (ring.append(writer) == Ring.NO_ROOM) {
        assertThat(window.makeRoom(writer.alignedLength(), false)).isTrue();
      }
      assertThat(parts.ring().getLong((int) ring.tail() & (CAPACITY - 1)))
          .as("the word at tail in round %d", i)
          .isZero();
      assertThat(take(256, CAPACITY)).hasSize(1);
      finishClaim();
      assertThat(take(256, CAPACITY)).as("only what was submitted").isEmpty();
    }
    assertThat(ring.tail()).isGreaterThan(10L * CAPACITY);
  }

  @Test
  void asideFramesAreNoJobsAndAreLeftOutOfTheFinishedRanges() {
    long first = submit(8);
    writer.delayed(new byte[8], 0, 0);
    long aside = ring.appendAside(writer);
    long third = submit(8);
    assertThat(take(256, CAPACITY)).containsExactly(first, third);
    List<Long> ranges = new ArrayList<>();
    claim.forEachRange(
        (from, to) -> {
          ranges.add(from);
          ranges.add(to);
        });
    assertThat(ranges).containsExactly(first, aside, third, ring.tail());
  }

  @Test
  void doorbellWakesASleeperAndDoesNotParkOneThatSeesWork() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> {
              doorbell.awaitWork(() -> false);
              woken.countDown();
            });
    worker.start();
    Crash.await("parked", () -> worker.getState() == Thread.State.WAITING);
    submit(8);
    assertThat(woken.await(60, TimeUnit.SECONDS)).isTrue();
    // Returns at once, or the test's timeout ends it.
    doorbell.awaitWork(() -> true);
  }

  @Test
  void frameCarriesWhatItWasGiven() {
    byte[] payload = {1, 2, 3};
    writer.ready(payload, 5_000);
    long position = ring.append(writer);
    byte[] bytes = frameAt(position);
    assertThat(Frame.isValid(bytes, 0, bytes.length, position, SEED)).isTrue();
    assertThat(Frame.id(bytes, 0)).isEqualTo(position);
    assertThat(Frame.kind(bytes, 0)).isEqualTo(Frame.READY);
    assertThat(Frame.attempt(bytes, 0)).isEqualTo(1);
    assertThat(Frame.submittedSeconds(bytes, 0)).isEqualTo(5);
    assertThat(Frame.payloadLength(bytes, 0)).isEqualTo(3);

    writer.again(bytes, 0, 65_535, 9_000);
    long retry = ring.appendReserved(writer);
    byte[] again = frameAt(retry);
    assertThat(again).hasSameSizeAs(bytes);
    assertThat(Frame.id(again, 0)).isEqualTo(position);
    assertThat(Frame.attempt(again, 0)).isEqualTo(65_535);
    assertThat(Frame.time(again, 0)).isEqualTo(9_000);
    assertThat(Frame.submittedSeconds(again, 0)).isEqualTo(5);

    writer.dead(again, 0, 3, "\u20ac".repeat(1000), 10_000);
    byte[] dead = frameAt(ring.appendReserved(writer));
    assertThat(Frame.kind(dead, 0)).isEqualTo(Frame.DEAD);
    assertThat(Frame.noteBytes(dead, 0)).as("cut between characters").isEqualTo(2 + 1023);
    assertThat(Frame.payloadLength(dead, 0)).isEqualTo(3);
    assertThat(dead[Frame.payloadOffset(dead, 0)]).isEqualTo((byte) 1);
  }

  private byte[] frameAt(long position) {
    int offset = (int) position & (CAPACITY - 1);
    byte[] bytes = new byte[Frame.aligned(parts.ring().getInt(offset))];
    parts.ring().get(offset, bytes);
    return bytes;
  }

  @Test
  void everyChangedBitMakesAFrameInvalid() {
    writer.ready(new byte[] {1, 2, 3}, 5_000);
    long position = ring.append(writer);
    byte[] bytes = frameAt(position);
    int length = Frame.length(bytes, 0);
    for (int bit = 0; bit < length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << (bit & 7));
      assertThat(Frame.isValid(bytes, 0, bytes.length, position, SEED)).as("bit %d", bit).isFalse();
      bytes[bit / 8] ^= (byte) (1 << (bit & 7));
    }
    assertThat(Frame.isValid(bytes, 0, bytes.length, position + 8, SEED)).isFalse();
    assertThat(Frame.isValid(bytes, 0, bytes.length, position, SEED + 1)).isFalse();
    assertThat(Frame.isValid(bytes, 0, length - 1, position, SEED)).isFalse();
  }
}
