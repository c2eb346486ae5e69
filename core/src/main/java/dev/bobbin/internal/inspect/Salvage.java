package dev.bobbin.internal.inspect;

import dev.bobbin.internal.journal.Hole;
import dev.bobbin.internal.journal.JournalScan;
import dev.bobbin.internal.recovery.FrameBodies.FrameVisitor;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;

/**
 * Finds frames in bytes of which nothing else is known. A frame is believed for its own checksum,
 * which covers its position and the queue's seed.
 */
final class Salvage {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int BLOCK_ALIGNMENT = 4096;

  private final long seed;
  private final int largestFrame;
  private final LossVisitor losses;

  /** Receives places where no frame is. */
  interface LossVisitor {
    void lost(String file, long offset, long bytes);
  }

  Salvage(long seed, int largestFrame, LossVisitor losses) {
    this.seed = seed;
    this.largestFrame = largestFrame;
    this.losses = losses;
  }

  /** The frames of [first, end) in a body that does not check out and begins at {@code at}. */
  void body(String file, long at, byte[] body, long first, long end, FrameVisitor visitor)
      throws IOException {
    int lostFrom = 0;
    int offset = 0;
    while (offset <= body.length - Frame.HEADER_BYTES) {
      int bytes = frameAt(body, offset);
      long position = Frame.position(body, offset);
      if (bytes == 0 || position < first || position >= end) {
        offset += Frame.ALIGNMENT;
        continue;
      }
      lost(file, at + lostFrom, at + offset);
      visitor.frame(body, offset, position);
      offset += bytes;
      lostFrom = offset;
    }
    lost(file, at + lostFrom, at + body.length);
  }

  /** The frames in a part of a segment where not even headers check out. */
  void hole(JournalScan scan, Hole hole, FrameVisitor visitor) throws IOException {
    boolean older = hole.mayHoldMoved();
    byte[] window = new byte[0];
    long windowAt = hole.from();
    long lostFrom = hole.from();
    long at = hole.from();
    while (at <= hole.to() - Frame.HEADER_BYTES) {
      if (at % BLOCK_ALIGNMENT == 0) {
        older = scan.mayHoldMoved(hole, at, older);
        byte[] body = scan.bodyBehind(hole.file(), at, hole.to(), largestFrame);
        if (body != null) {
          lost(hole.file(), lostFrom, at);
          long bodyAt = scan.bodyAt(at);
          body(hole.file(), bodyAt, body, 0, Long.MAX_VALUE, visitor);
          at = bodyAt + (body.length & -Frame.ALIGNMENT);
          lostFrom = at;
          continue;
        }
      }
      long needed = Math.min(hole.to() - at, largestFrame);
      if (at + needed > windowAt + window.length) {
        windowAt = at;
        window = scan.raw(hole.file(), at, (int) Math.min(hole.to() - at, needed + WINDOW_BYTES));
        if (window.length < Frame.HEADER_BYTES) {
          break;
        }
      }
      int offset = (int) (at - windowAt);
      int bytes = frameAt(window, offset);
      boolean believed = bytes > 0 && (older || Frame.position(window, offset) >= hole.lowest());
      if (believed) {
        lost(hole.file(), lostFrom, at);
        visitor.frame(window, offset, Frame.position(window, offset));
        lostFrom = at + bytes;
      }
      at += believed ? bytes : Frame.ALIGNMENT;
    }
    lost(hole.file(), lostFrom, hole.to());
  }

  /** What the frame at {@code offset} takes up, 0 if there is none to be believed. */
  private int frameAt(byte[] bytes, int offset) {
    int left = bytes.length - offset;
    if (left < Frame.HEADER_BYTES) {
      return 0;
    }
    int length = Frame.length(bytes, offset);
    long position = Frame.position(bytes, offset);
    long id = Frame.id(bytes, offset);
    // Cheap looks first: a checksum at every eighth byte would cost the square of what is there.
    boolean plausible =
        length >= Frame.HEADER_BYTES
            && length <= Math.min(left, largestFrame)
            && position % Frame.ALIGNMENT == 0
            && id % Frame.ALIGNMENT == 0
            && 0 <= id
            && id <= position;
    return plausible && Frame.isValid(bytes, offset, bytes.length, position, seed)
        ? Frame.aligned(length)
        : 0;
  }

  private void lost(String file, long from, long to) {
    // What is smaller than a frame held none.
    if (to - from >= Frame.HEADER_BYTES) {
      losses.lost(file, from, to - from);
    }
  }
}
