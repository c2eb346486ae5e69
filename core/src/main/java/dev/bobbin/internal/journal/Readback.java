package dev.bobbin.internal.journal;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads jobs back from the journal while the I/O thread writes it. A segment that is being read is
 * pinned, so that it is not recycled meanwhile. Not thread-safe: each thread that reads has its
 * own.
 */
public final class Readback {
  private static final int SMALL_BYTES = 1 << 10;
  private static final int LARGE_BYTES = 64 << 10;

  private final Journal journal;
  private final Extents extents;

  /** A part of the body of {@link #windowOf}, as it was read last. */
  private byte[] window = new byte[SMALL_BYTES];

  private ByteBuffer buffer = ByteBuffer.wrap(window);

  private @Nullable Extent windowOf;
  private int windowFrom;
  private int windowBytes;
  private int at;

  Readback(Journal journal, Extents extents) {
    this.journal = journal;
    this.extents = extents;
  }

  /**
   * The body of a block.
   *
   * @param first the first position that it covers
   * @param end the end of the positions that it covers
   * @param bytes its frames, as they were written, checked
   * @param finished the positions without an unfinished job
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Body(long first, long end, byte[] bytes, PositionRanges finished) {}

  /** The body that covers {@code position}, or else the first behind it; null if there is none. */
  public @Nullable Body from(long position) throws IOException {
    Extent extent = extents.pinFrom(position);
    if (extent == null) {
      return null;
    }
    try {
      PositionRanges finished = extents.finishedIn(extent);
      return new Body(extent.first, extent.end, journal.readBody(extent), finished);
    } finally {
      extents.unpin(extent);
    }
  }

  /**
   * Brings the bytes from the frame of {@code position} on into the window, at least {@code bytes}
   * of them or as many as its block has; false if no unfinished job's block covers it. They are not
   * checked.
   */
  public boolean seek(long position, int bytes) throws IOException {
    Extent known = windowOf;
    if (known != null && known.first <= position && position < known.end) {
      // Frames never change, so what was read stays true even when the block has been moved.
      int offset = known.bodyOffsetOf(position);
      int end = Math.min(offset + bytes, known.bodyBytes);
      if (offset >= windowFrom && end <= windowFrom + windowBytes) {
        at = offset - windowFrom;
        return true;
      }
    }
    Extent extent = extents.pinFrom(position);
    if (extent == null) {
      return false;
    }
    try {
      int offset = extent.first <= position ? extent.bodyOffsetOf(position) : -1;
      if (offset >= 0) {
        // Jobs of one block often come one after the other: then much is read at once.
        boolean goesOn = extent == known && offset > windowFrom;
        fill(extent, offset, Math.max(bytes, goesOn ? LARGE_BYTES : SMALL_BYTES));
      }
      return offset >= 0;
    } finally {
      extents.unpin(extent);
    }
  }

  private void fill(Extent extent, int offset, int bytes) throws IOException {
    windowOf = null;
    int length = Math.min(bytes, extent.bodyBytes - offset);
    if (window.length < length) {
      window = new byte[length];
      buffer = ByteBuffer.wrap(window);
    }
    extent.segment.file.read(buffer.clear().limit(length), extent.bodyOffset + offset);
    windowOf = extent;
    windowFrom = offset;
    windowBytes = length;
    at = 0;
  }

  /** What {@link #seek} has read; changed by the next one. */
  public byte[] window() {
    return window;
  }

  /** Where in the window the frame begins. */
  public int at() {
    return at;
  }

  /** The window's bytes from {@link #at} on. */
  public int available() {
    return windowBytes - at;
  }

  /** What to throw when the frame at {@code position} is not what was written. */
  public CorruptionException corrupt(long position) {
    Extent extent = extents.find(position);
    String where = extent == null ? "" : " in " + journal.describe(extent);
    return new CorruptionException(
        "corrupt journal: the job at position "
            + position
            + where
            + " does not match its checksum. "
            + Blocks.ADVICE,
        null);
  }
}
