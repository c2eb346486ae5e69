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
  private final Sweep sweep;
  private final @Nullable Readback journal;
  private final @Nullable HeapLog heap;
  private final long seed;

  Frames(Sweep sweep, @Nullable Readback journal, @Nullable HeapLog heap, long seed) {
    this.sweep = sweep;
    this.journal = journal;
    this.heap = heap;
    this.seed = seed;
  }

  /** Takes the frame that lies at {@code offset}; the bytes are somebody else's afterwards. */
  interface Target {
    void frame(byte[] bytes, int offset, int alignedLength);
  }

  /**
   * Hands over the frames of the unfinished jobs at the first {@code count} of {@code positions}.
   *
   * @throws dev.bobbin.CorruptionException if the journal does not have what was written
   */
  void read(long[] positions, int count, Target target) throws IOException {
    byte[][] inRing = sweep.read(positions, count);
    for (int i = 0; i < count; i++) {
      if (!hand(inRing[i], positions[i], target)) {
        throw new IllegalStateException(
            "the unfinished job at position " + positions[i] + " is nowhere");
      }
    }
  }

  /** A copy of the frame at {@code position}, or null if the job was finished a moment ago. */
  byte @Nullable [] find(long position) throws IOException {
    byte[][] found = new byte[1][];
    hand(
        sweep.read(new long[] {position}, 1)[0],
        position,
        (bytes, offset, length) -> found[0] = Arrays.copyOfRange(bytes, offset, offset + length));
    return found[0];
  }

  private boolean hand(byte @Nullable [] inRing, long position, Target target) throws IOException {
    byte[] frame = inRing == null && heap != null ? heap.read(position) : inRing;
    if (frame == null) {
      return journal != null && readJournal(journal, position, target);
    }
    target.frame(frame, 0, frame.length);
    return true;
  }

  private boolean readJournal(Readback from, long position, Target target) throws IOException {
    if (!from.seek(position, Frame.HEADER_BYTES) || from.available() < Frame.HEADER_BYTES) {
      return false;
    }
    int length = Frame.length(from.window(), from.at());
    int aligned = Frame.aligned(Math.max(length, Frame.HEADER_BYTES));
    if (from.available() < aligned) {
      from.seek(position, aligned);
    }
    int at = from.at();
    boolean whole = from.available() >= aligned;
    if (!whole || !Frame.isValid(from.window(), at, at + from.available(), position, seed)) {
      throw from.corrupt(position);
    }
    target.frame(from.window(), at, aligned);
    return true;
  }
}
