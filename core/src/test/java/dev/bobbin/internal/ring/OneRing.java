package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Has one ring in memory open during each test, with its window, one reader and one claim. */
abstract class OneRing {
  static final int CAPACITY = 256 << 10;
  static final long SEED = 77;

  final RingFile.Parts parts = RingFile.Parts.inMemory(CAPACITY);
  final Doorbell doorbell = new Doorbell(() -> {});
  final Ring ring = new Ring(parts.ring(), CAPACITY, true, SEED, doorbell);
  final FrameWriter writer = new FrameWriter();
  final Claim claim = ring.newClaim(256);

  Window window = new Window(ring, parts, SEED, false);
  Reader reader = window.addReader();

  /** The same ring with a journal behind it: nothing counts as written by itself. */
  void journaled() {
    window = new Window(ring, parts, SEED, true);
    reader = window.addReader();
  }

  long submit(int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    Arrays.fill(payload, (byte) 1);
    writer.ready(payload, 0);
    long position = ring.append(writer);
    if (position == Ring.NO_ROOM && window.makeRoom(writer.alignedLength(), false)) {
      position = ring.append(writer);
    }
    return position;
  }

  /** Moves head and tail on by whole batches until the next frame would begin at {@code offset}. */
  void advanceTo(int offset) {
    while ((ring.tail() & (CAPACITY - 1)) != offset) {
      int left = (int) ((offset - ring.tail()) & (CAPACITY - 1));
      int size = left <= 8192 ? left : 4096;
      assertThat(submit(size - Frame.HEADER_BYTES)).isNotEqualTo(Ring.NO_ROOM);
      take(256, CAPACITY);
      finishClaim();
    }
  }

  List<Long> take(int jobs, int maxBytes) {
    claim.limit(jobs);
    List<Long> positions = new ArrayList<>();
    if (ring.claim(reader, claim, maxBytes)) {
      for (int i = 0; i < claim.size(); i++) {
        positions.add(claim.memory().getLong(claim.offset(i) + Frame.POSITION));
        assertThat(claim.positionAt(claim.offset(i))).isEqualTo(positions.get(i));
      }
    }
    return positions;
  }

  void finishClaim() {
    reader.release();
    claim.forEachRange(window::finish);
  }
}
