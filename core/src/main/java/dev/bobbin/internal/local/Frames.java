package dev.bobbin.internal.local;

import dev.bobbin.internal.journal.HeapLog;
import dev.bobbin.internal.journal.Readback;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.Sweep;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frame of an unfinished job from wherever it lies: the ring, the journal, or the heap of
 * a queue in memory. Not thread-safe: each thread that reads has its own.
 */
final class Frames {
  /** What is read at once: a little for one job, much when jobs are asked for in their order. */
  private static final int SMALL_BYTES = 1 << 10;

  private static final int LARGE_BYTES = 128 << 10;

  private final Sweep sweep;
  private final @Nullable Readback journal;
  private final @Nullable HeapLog heap;
  private final long seed;

  /** What was read last; the next frame of the same block begins at {@code windowAt}. */
  private byte[] window = new byte[SMALL_BYTES];

  private int windowBytes;
  private int windowAt;
  private long lastEnd = -1;

  Frames(Sweep sweep, @Nullable Readback journal, @Nullable HeapLog heap, long seed) {
    this.sweep = sweep;
    this.journal = journal;
    this.heap = heap;
    this.seed = seed;
  }

  /**
   * A copy of the frame of the unfinished job at {@code position}.
   *
   * @throws dev.bobbin.CorruptionException if the journal does not have what was written
   */
  byte[] at(long position) throws IOException {
    byte[] frame = find(position);
    if (frame == null) {
      throw new IllegalStateException("the unfinished job at position " + position + " is nowhere");
    }
    return frame;
  }

  /** As {@link #at}, or null if the job was finished a moment ago. */
  byte @Nullable [] find(long position) throws IOException {
    byte[] frame = sweep.read(position).orElse(null);
    if (frame == null && heap != null) {
      frame = heap.read(position);
    }
    if (frame == null && journal != null) {
      frame = journaled(journal, position);
    }
    return frame;
  }

  private byte @Nullable [] journaled(Readback from, long position) throws IOException {
    // Jobs of one block often come due one after the other: then the next frame is in the window.
    boolean inOrder = position == lastEnd;
    if (!inOrder || !isWhole(position)) {
      int bytes = inOrder ? LARGE_BYTES : SMALL_BYTES;
      if (!read(from, position, bytes)) {
        return null;
      }
      if (!isWhole(position) && !read(from, position, frameBytes())) {
        return null;
      }
    }
    if (!Frame.isValid(window, windowAt, windowBytes, position, seed)) {
      throw from.corrupt(position);
    }
    int aligned = frameBytes();
    byte[] frame = Arrays.copyOfRange(window, windowAt, windowAt + aligned);
    windowAt += aligned;
    lastEnd = position + aligned;
    return frame;
  }

  private boolean read(Readback from, long position, int bytes) throws IOException {
    if (window.length < bytes || window.length > LARGE_BYTES) {
      window = new byte[bytes];
    }
    windowAt = 0;
    windowBytes = 0;
    int read = from.read(position, window);
    if (read < Frame.HEADER_BYTES) {
      return false;
    }
    windowBytes = read;
    return true;
  }

  private int frameBytes() {
    return Math.max(Frame.HEADER_BYTES, Frame.aligned(Math.max(0, Frame.length(window, windowAt))));
  }

  /** Whether the window has all of the frame that begins at its place. */
  private boolean isWhole(long position) {
    return windowBytes - windowAt >= Frame.HEADER_BYTES
        && Frame.position(window, windowAt) == position
        && windowBytes - windowAt >= frameBytes();
  }
}
