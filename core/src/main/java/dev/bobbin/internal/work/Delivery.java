package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.FinishedLog.RangeVisitor;
import dev.bobbin.internal.ring.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames of jobs on the heap: a batch that was copied out of the ring, or jobs that the I/O thread
 * has loaded.
 */
public final class Delivery {
  private byte[] bytes;
  private int[] offsets;

  /** Jobs that were split off at the front, then those that are left up to {@link #added}. */
  private int first;

  private int added;
  private int used;

  public Delivery(int bytes, int jobs) {
    this.bytes = new byte[bytes];
    this.offsets = new int[jobs];
  }

  /** Adds a frame; {@code length} is its aligned one. */
  public void add(byte[] source, int offset, int length) {
    reserve(used + length);
    if (added == offsets.length) {
      offsets = Arrays.copyOf(offsets, added * 2);
    }
    System.arraycopy(source, offset, bytes, used, length);
    offsets[added++] = used;
    used += length;
  }

  /** Takes the batch's frames over in one copy. */
  void copy(Claim claim) {
    ByteBuffer memory = claim.memory();
    added = claim.size();
    if (offsets.length < added) {
      offsets = new int[added];
    }
    int start = claim.offset(0);
    int last = claim.offset(added - 1);
    used = last - start + Frame.aligned(memory.getInt(last));
    reserve(used);
    memory.get(start, bytes, 0, used);
    for (int i = 0; i < added; i++) {
      offsets[i] = claim.offset(i) - start;
    }
  }

  private void reserve(int capacity) {
    if (bytes.length < capacity) {
      bytes = Arrays.copyOf(bytes, Math.max(capacity, bytes.length * 2));
    }
  }

  public int size() {
    return added - first;
  }

  /** Takes the first {@code jobs} out, fewer than there are, for a worker that wants no more. */
  Delivery split(int jobs) {
    int from = offsets[first];
    int to = offsets[first + jobs];
    Delivery part = new Delivery(to - from, jobs);
    System.arraycopy(bytes, from, part.bytes, 0, to - from);
    for (int i = 0; i < jobs; i++) {
      part.offsets[i] = offsets[first + i] - from;
    }
    part.added = jobs;
    part.used = to - from;
    first += jobs;
    return part;
  }

  /** Bytes that the frames take up. */
  public int bytesUsed() {
    return first == added ? 0 : used - offsets[first];
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int index) {
    return offsets[first + index];
  }

  /** The frames' positions, each a range of its own. */
  void forEachRange(RangeVisitor visitor) {
    for (int i = first; i < added; i++) {
      long position = Frame.position(bytes, offsets[i]);
      visitor.range(position, position + Frame.aligned(Frame.length(bytes, offsets[i])));
    }
  }
}
