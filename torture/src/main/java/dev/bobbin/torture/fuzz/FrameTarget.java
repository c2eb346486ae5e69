package dev.bobbin.torture.fuzz;

import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import java.util.Arrays;
import java.util.Objects;

/** One frame: what checks out has its parts within it, and its copies carry them. */
public final class FrameTarget {
  private static final long LATER = 1L << 40;

  private FrameTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    byte[] bytes = data.clone();
    if (bytes.length < Frame.HEADER_BYTES) {
      Frame.isValid(bytes, 0, bytes.length, 0, Seal.SEED);
      return;
    }
    if ((bytes[4] & 1) == 0) {
      Seal.frame(bytes, 0, bytes.length);
    }
    long position = Frame.position(bytes, 0);
    long id = Frame.id(bytes, 0);
    boolean written = 0 <= id && id <= position;
    if (!Frame.isValid(bytes, 0, bytes.length, position, Seal.SEED) || !written) {
      return;
    }
    byte[] payload = payload(bytes);
    FrameWriter writer = new FrameWriter();
    writer.suspect(bytes, 0, Frame.crashes(bytes, 0) + 1, 1);
    copy(bytes, payload, writer.sealed(LATER, Seal.SEED));
    writer.dead(bytes, 0, Frame.attempt(bytes, 0), "of no use", 1);
    byte[] dead = writer.sealed(LATER, Seal.SEED);
    copy(bytes, payload, dead);
    writer.revived(dead, 0, 1);
    // Its time to live may be what the job died of.
    copied(bytes, payload, writer.sealed(LATER, Seal.SEED));
    writer.again(bytes, 0, 2, 1);
    copy(bytes, payload, writer.sealed(LATER, Seal.SEED));
  }

  private static byte[] payload(byte[] bytes) {
    int from = Frame.payloadOffset(bytes, 0);
    int length = Frame.payloadLength(bytes, 0);
    if (length < 0 || from < Frame.HEADER_BYTES || from + length != Frame.length(bytes, 0)) {
      throw new IllegalStateException("payload at " + from + ", of " + length + " bytes");
    }
    Frame.priority(bytes, 0);
    Frame.isAside(bytes, 0);
    Extras.key(bytes, 0);
    Extras.headers(bytes, 0);
    Extras.expiryMillis(bytes, 0);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private static void copy(byte[] original, byte[] payload, byte[] copy) {
    copied(original, payload, copy);
    if (Extras.expiryMillis(original, 0) != Extras.expiryMillis(copy, 0)) {
      throw new IllegalStateException("a copy expires at another time");
    }
  }

  private static void copied(byte[] original, byte[] payload, byte[] copy) {
    boolean same =
        Frame.isValid(copy, 0, copy.length, LATER, Seal.SEED)
            && Arrays.equals(payload, payload(copy))
            && Extras.headers(original, 0).equals(Extras.headers(copy, 0))
            && Objects.equals(Extras.key(original, 0), Extras.key(copy, 0))
            && Frame.priority(original, 0) == Frame.priority(copy, 0)
            && Frame.id(original, 0) == Frame.id(copy, 0);
    if (!same) {
      throw new IllegalStateException("a copy is not what it was copied from");
    }
  }
}
