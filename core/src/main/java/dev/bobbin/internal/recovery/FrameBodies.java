package dev.bobbin.internal.recovery;

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
    for (int offset = 0;
        offset < bytes.length;
        offset += Frame.aligned(Frame.length(bytes, offset))) {
      long position = Frame.position(bytes, offset);
      if (!finished.contains(position)) {
        visitor.frame(bytes, offset, position);
      }
    }
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
  public Journal.Moved copyLive(byte[] body, PositionRanges finished, ByteBuffer target)
      throws IOException {
    int[] counts = new int[2];
    forEachLive(
        body,
        finished,
        (bytes, offset, position) -> {
          target.put(bytes, offset, Frame.aligned(Frame.length(bytes, offset)));
          counts[Frame.isAside(bytes, offset) ? 1 : 0]++;
        });
    return new Journal.Moved(counts[0], counts[1]);
  }
}
