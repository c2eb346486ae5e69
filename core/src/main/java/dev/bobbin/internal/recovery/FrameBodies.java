package dev.bobbin.internal.recovery;

import dev.bobbin.internal.journal.Extent;
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
    void frame(byte[] bytes, int offset, long position);
  }

  /** Visits the unfinished frames of {@code bytes}, in order. */
  public static void forEachLive(byte[] bytes, Extent extent, FrameVisitor visitor) {
    for (int offset = 0;
        offset < bytes.length;
        offset += Frame.aligned(Frame.length(bytes, offset))) {
      long position = Frame.position(bytes, offset);
      if (!extent.isFinished(position)) {
        visitor.frame(bytes, offset, position);
      }
    }
  }

  @Override
  public PositionRanges gaps(byte[] bytes, long first, long end) throws IOException {
    PositionRanges gaps = new PositionRanges();
    long next = first;
    for (int offset = 0; offset < bytes.length; ) {
      long position =
          bytes.length - offset < Frame.HEADER_BYTES ? -1 : Frame.position(bytes, offset);
      if (position < next
          || position >= end
          || !Frame.isValid(bytes, offset, bytes.length, position, seed)) {
        throw new IOException("a frame at " + offset + " of the block's body does not check out");
      }
      if (position > next) {
        gaps.add(next, position);
      }
      int aligned = Frame.aligned(Frame.length(bytes, offset));
      next = position + aligned;
      offset += aligned;
    }
    if (next < end) {
      gaps.add(next, end);
    }
    return gaps;
  }

  @Override
  public void copyLive(byte[] body, Extent extent, ByteBuffer target) {
    forEachLive(
        body,
        extent,
        (bytes, offset, position) ->
            target.put(bytes, offset, Frame.aligned(Frame.length(bytes, offset))));
  }
}
