package dev.bobbin.internal.recovery;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads frames out of journal blocks, for a journal that does not know what a frame is. */
public final class FrameBodies implements Journal.Bodies {
  private final long seed;

  public FrameBodies(long seed) {
    this.seed = seed;
  }

  /** Visits the frames that lie one behind the other in a body. */
  public interface FrameVisitor {
    void frame(byte[] bytes, int offset, long position) throws IOException;
  }

  /** Visits the frames of {@code bytes} whose positions are not {@code finished}, in order. */
  public static void forEachLive(byte[] bytes, PositionRanges finished, FrameVisitor visitor)
      throws IOException {
    forEachLive(bytes, bytes.length, finished, visitor);
  }

  private static void forEachLive(
      byte[] bytes, int length, PositionRanges finished, FrameVisitor visitor) throws IOException {
    for (int offset = 0; offset < length; ) {
      int next = next(bytes, offset, length);
      long position = Frame.position(bytes, offset);
      if (!finished.contains(position)) {
        visitor.frame(bytes, offset, position);
      }
      offset = next;
    }
  }

  /**
   * Where the frame at {@code offset} ends. The body's checksum matched, but whoever can write the
   * file can make one up: a length is checked before a walk relies on it.
   *
   * @throws CorruptionException if no frame can have this length
   */
  public static int next(byte[] bytes, int offset) {
    return next(bytes, offset, bytes.length);
  }

  private static int next(byte[] bytes, int offset, int end) {
    int left = end - offset;
    int length = left < Frame.HEADER_BYTES ? left : Frame.length(bytes, offset);
    if (length < Frame.HEADER_BYTES || length > left || Frame.aligned(length) > left) {
      throw new CorruptionException(
          "corrupt journal: the frame at "
              + offset
              + " of a block's body has a length of "
              + length
              + " bytes, expected "
              + Frame.HEADER_BYTES
              + " to "
              + left
              + ". Run \"bobbin verify\" to see all that is damaged",
          null);
    }
    return offset + Frame.aligned(length);
  }

  @Override
  public void check(byte[] bytes, long first, long end) throws IOException {
    long next = first;
    for (int offset = 0; offset < bytes.length; ) {
      long position =
          bytes.length - offset < Frame.HEADER_BYTES ? -1 : Frame.position(bytes, offset);
      if (position < next
          || position >= end
          || !Frame.isValid(bytes, offset, bytes.length, position, seed)) {
        throw new IOException("a frame at " + offset + " of the block's body does not check out");
      }
      int aligned = Frame.aligned(Frame.length(bytes, offset));
      next = position + aligned;
      offset += aligned;
    }
  }

  @Override
  public Journal.Moved copyLive(byte[] body, int length, PositionRanges finished, ByteBuffer target)
      throws IOException {
    int[] counts = new int[2];
    forEachLive(
        body,
        length,
        finished,
        (bytes, offset, position) -> {
          target.put(bytes, offset, Frame.aligned(Frame.length(bytes, offset)));
          counts[Frame.isAside(bytes, offset) ? 1 : 0]++;
        });
    return new Journal.Moved(counts[0], counts[1]);
  }
}
