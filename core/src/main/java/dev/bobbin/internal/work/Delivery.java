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
  private int size;
  private int used;

  public Delivery(int bytes, int jobs) {
    this.bytes = new byte[bytes];
    this.offsets = new int[jobs];
  }

  /** Adds a frame; {@code length} is its aligned one. */
  public void add(byte[] source, int offset, int length) {
    reserve(used + length);
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size * 2);
    }
    System.arraycopy(source, offset, bytes, used, length);
    offsets[size++] = used;
    used += length;
  }

  /** Takes the batch's frames over in one copy. */
  void copy(Claim claim) {
    ByteBuffer memory = claim.memory();
    size = claim.size();
    if (offsets.length < size) {
      offsets = new int[size];
    }
    int start = claim.offset(0);
    int last = claim.offset(size - 1);
    used = last - start + Frame.aligned(memory.getInt(last));
    reserve(used);
    memory.get(start, bytes, 0, used);
    for (int i = 0; i < size; i++) {
      offsets[i] = claim.offset(i) - start;
    }
  }

  private void reserve(int capacity) {
    if (bytes.length < capacity) {
      bytes = Arrays.copyOf(bytes, Math.max(capacity, bytes.length * 2));
    }
  }

  public int size() {
    return size;
  }

  /** Bytes that the frames take up. */
  public int bytesUsed() {
    return used;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int index) {
    return offsets[index];
  }

  /** The frames' positions, each a range of its own. */
  void forEachRange(RangeVisitor visitor) {
    for (int i = 0; i < size; i++) {
      long position = Frame.position(bytes, offsets[i]);
      visitor.range(position, position + Frame.aligned(Frame.length(bytes, offsets[i])));
    }
  }
}
