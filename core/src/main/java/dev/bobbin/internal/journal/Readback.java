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
  private final Journal journal;
  private final Extents extents;

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
   * Reads from the frame of {@code position} on, as many bytes as fit and the body has; returns how
   * many, -1 if no unfinished job's block covers it. They are not checked.
   */
  public int read(long position, byte[] target) throws IOException {
    Extent extent = extents.pinFrom(position);
    if (extent == null) {
      return -1;
    }
    try {
      int offset = extent.first <= position ? extent.bodyOffsetOf(position) : -1;
      if (offset < 0) {
        return -1;
      }
      int bytes = Math.min(target.length, extent.bodyBytes - offset);
      extent.segment.file.read(ByteBuffer.wrap(target, 0, bytes), extent.bodyOffset + offset);
      return bytes;
    } finally {
      extents.unpin(extent);
    }
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
