package dev.bobbin.torture.fuzz;

import dev.bobbin.internal.recovery.RingTail;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import java.nio.ByteBuffer;

/** A ring's file: mark, what is in hand, reports and frames, beside an empty journal. */
public final class RingTarget {
  private RingTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    RingFile.Parts parts = JournalCheck.emptyRing();
    int at = put(data, 0, parts.mark(), 32);
    at = put(data, at, parts.inHand(), 64);
    at = put(data, at, parts.log(), 64);
    byte[] ring = new byte[parts.ring().capacity()];
    System.arraycopy(data, at, ring, 0, Math.min(ring.length, data.length - at));
    if (data.length > 0 && (data[0] & 1) == 0) {
      seal(ring);
    }
    parts.ring().put(0, ring);
    RingTail tail = new RingTail(parts, Seal.SEED, 0);
    for (int i = 0; i < tail.size(); i++) {
      byte[] frame = tail.frame(i);
      if (!Frame.isValid(frame, 0, frame.length, tail.position(i), Seal.SEED)) {
        throw new IllegalStateException("a frame that does not check out");
      }
    }
    byte[] segment = new byte[JournalCheck.SEGMENT_BYTES];
    Seal.segment(segment);
    JournalCheck.check(segment, parts);
  }

  private static int put(byte[] data, int at, ByteBuffer part, int bytes) {
    int length = Math.min(bytes, data.length - at);
    part.put(0, data, at, length);
    return at + length;
  }

  /** Has frames believe that they lie where they do. */
  private static void seal(byte[] ring) {
    for (int at = 0; at + Frame.HEADER_BYTES <= ring.length; ) {
      int length = Frame.length(ring, at);
      if (length < Frame.HEADER_BYTES || length > ring.length - at) {
        at += Frame.ALIGNMENT;
        continue;
      }
      long position = Frame.position(ring, at) / ring.length * ring.length + at;
      Seal.little(ring).putLong(at + Frame.POSITION, position);
      Seal.frame(ring, at, ring.length);
      at += Frame.aligned(length);
    }
  }
}
