package dev.bobbin.internal.recovery;

import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.FinishedLog;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import dev.bobbin.internal.ring.SettledMark;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that an earlier process left in the ring and that the journal does not know.
 *
 * <p>After the death of the process the ring may have holes (space claimed, not yet published);
 * after the death of the machine its pages are of different ages. So those frames are believed,
 * wherever they stand, whose own position, queue and checksum agree; that lie at or beyond the
 * journal's end; and that neither the settled mark nor the finished log settles. What those two say
 * of jobs in the journal is not asked: after the death of the machine they may be younger than it,
 * and would settle a job whose retry was lost.
 */
public final class RingTail {
  private final RingFile.Parts parts;
  private final long seed;
  private long[] positions = new long[64];
  private int size;
  private long highest;

  public RingTail(RingFile.Parts parts, long seed, long journaledEnd) {
    this.parts = parts;
    this.seed = seed;
    long settled = new SettledMark(parts.mark(), seed).load();
    PositionRanges finished = new PositionRanges();
    FinishedLog.recover(parts.log(), seed, finished::add);
    this.highest = settled;
    finished.forEach(0, Long.MAX_VALUE, (from, to) -> highest = Math.max(highest, to));
    scan(Math.max(journaledEnd, settled), finished);
    Arrays.sort(positions, 0, size);
  }

  private RingTail(RingFile.Parts parts, long seed) {
    this.parts = parts;
    this.seed = seed;
  }

  /** Nothing: the ring is not asked. */
  static RingTail none(RingFile.Parts parts, long seed) {
    return new RingTail(parts, seed);
  }

  private void scan(long from, PositionRanges finished) {
    ByteBuffer ring = parts.ring();
    int mask = ring.capacity() - 1;
    for (int offset = 0;
        offset <= ring.capacity() - Frame.HEADER_BYTES;
        offset += Frame.ALIGNMENT) {
      long position = ring.getLong(offset + Frame.POSITION);
      if (position > 0 && (position & mask) == offset && frameAt(position) != null) {
        highest = Math.max(highest, position + Frame.HEADER_BYTES);
        if (position >= from && !finished.contains(position)) {
          add(position);
        }
      }
    }
  }

  private void add(long position) {
    if (size == positions.length) {
      positions = Arrays.copyOf(positions, size * 2);
    }
    positions[size++] = position;
  }

  /**
   * A copy of the frame that stands for {@code position}, or null if there is none to be believed.
   */
  private byte @Nullable [] frameAt(long position) {
    ByteBuffer ring = parts.ring();
    int offset = (int) position & (ring.capacity() - 1);
    int length = ring.getInt(offset + Frame.WORD);
    if (length < Frame.HEADER_BYTES || length > ring.capacity() - offset) {
      return null;
    }
    byte[] frame = new byte[Frame.aligned(length)];
    ring.get(offset, frame, 0, length);
    return Frame.isValid(frame, 0, length, position, seed) ? frame : null;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The frame number {@code index}, in order of position. */
  public byte[] frame(int index) {
    byte[] frame = frameAt(positions[index]);
    if (frame == null) {
      throw new IllegalStateException("the ring changed during recovery");
    }
    return frame;
  }

  public long position(int index) {
    return positions[index];
  }

  /** No position beyond it left a trace in the ring. */
  long highest() {
    return highest;
  }
}
