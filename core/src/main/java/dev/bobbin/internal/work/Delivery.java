package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.FinishedLog.RangeVisitor;
import dev.bobbin.internal.ring.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Frames of jobs on the heap: a batch that was copied out of the ring, or jobs that were loaded.
 * Parts that are split off share its bytes, which nobody changes once it was handed over.
 */
public final class Delivery {
  private byte[] bytes;
  private int[] offsets;

  /** Jobs that were split off at the front, then those that are left up to {@link #added}. */
  private int first;

  private int added;
  private int used;

  /** An empty one with room for so much; it grows. */
  public Delivery(int bytes, int jobs) {
    this.bytes = new byte[bytes];
    this.offsets = new int[jobs];
  }

  private Delivery(byte[] bytes, int[] offsets, int first, int added) {
    this.bytes = bytes;
    this.offsets = offsets;
    this.first = first;
    this.added = added;
  }

  /** An empty one over {@code body}, whose jobs {@link #addInPlace} names. */
  public static Delivery over(byte[] body, int jobs) {
    return new Delivery(body, new int[jobs], 0, 0);
  }

  /** Adds the frame that lies at {@code offset} of the body. */
  public void addInPlace(int offset) {
    if (added == offsets.length) {
      offsets = Arrays.copyOf(offsets, Math.max(16, added * 2));
    }
    offsets[added++] = offset;
  }

  /** Adds a copy of a frame; {@code length} is its aligned one. */
  public void add(byte[] source, int offset, int length) {
    reserve(used + length);
    System.arraycopy(source, offset, bytes, used, length);
    addInPlace(used);
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

  /**
   * Takes the first jobs out, at least one: at most {@code maxJobs}, and no further one when {@code
   * maxBytes} are reached.
   */
  Delivery split(int maxJobs, int maxBytes) {
    int end = first;
    int taken = 0;
    while (end < added && end - first < maxJobs && (taken < maxBytes || end == first)) {
      boolean suspect = Frame.crashes(bytes, offsets[end]) > 0;
      if (suspect && end > first) {
        break;
      }
      taken += Frame.aligned(Frame.length(bytes, offsets[end]));
      end++;
      if (suspect) {
        break;
      }
    }
    Delivery part = new Delivery(bytes, offsets, first, end);
    first = end;
    return part;
  }

  /** Bytes of the copies that were added. */
  public int bytesAdded() {
    return used;
  }

  /** Since when the first job has been ready, in milliseconds since 1970. */
  long readyMillis() {
    return Frame.time(bytes, offsets[first]);
  }

  /** Bytes that the frames take up. */
  public int bytesUsed() {
    int sum = 0;
    for (int i = first; i < added; i++) {
      sum += Frame.aligned(Frame.length(bytes, offsets[i]));
    }
    return sum;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int index) {
    return offsets[first + index];
  }

  /** The frames' positions, neighbours as one range. */
  public void forEachRange(RangeVisitor visitor) {
    long from = 0;
    long to = 0;
    for (int i = first; i < added; i++) {
      long position = Frame.position(bytes, offsets[i]);
      if (position != to) {
        if (from < to) {
          visitor.range(from, to);
        }
        from = position;
      }
      to = position + Frame.aligned(Frame.length(bytes, offsets[i]));
    }
    if (from < to) {
      visitor.range(from, to);
    }
  }
}
