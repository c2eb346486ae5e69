package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A batch of ready jobs that a worker has taken from the ring: contiguous in memory, [{@link
 * #from}, {@link #to}) in positions. Reused from batch to batch by its worker.
 */
public final class Claim {
  private final Ring ring;
  private final int[] offsets;
  private int limit;
  private int size;
  private long from;
  private long to;

  /**
   * Frames in the batch's range that are not part of it (delayed and dead ones): position and end,
   * in turn.
   */
  private long[] asides = new long[8];

  private int asideCount;

  /** The flags of all its jobs together. */
  private int flags;

  Claim(Ring ring, int maxBatch) {
    this.ring = ring;
    this.offsets = new int[maxBatch];
    this.limit = maxBatch;
  }

  /** Takes at most {@code jobs} from now on, or what it has room for. */
  public void limit(int jobs) {
    limit = Math.min(jobs, offsets.length);
  }

  void begin(long start) {
    from = start;
    size = 0;
    asideCount = 0;
    flags = 0;
  }

  void addJob(int offset, int jobFlags) {
    offsets[size++] = offset;
    flags |= jobFlags;
  }

  void addAside(long position, long end) {
    if (asideCount == asides.length) {
      asides = Arrays.copyOf(asides, asideCount * 2);
    }
    asides[asideCount++] = position;
    asides[asideCount++] = end;
  }

  void end(long end) {
    to = end;
  }

  boolean isFull() {
    return size >= limit;
  }

  /** Whether every job's payload follows its header at once: none has a note or extras. */
  public boolean isPlain() {
    return !Frame.hasFront(flags);
  }

  /** Jobs in the batch. */
  public int size() {
    return size;
  }

  public long from() {
    return from;
  }

  public long to() {
    return to;
  }

  /** The ring's memory; absolute reads only. */
  public ByteBuffer memory() {
    return ring.memory();
  }

  /** Since when the first job has been ready, in milliseconds since 1970. */
  public long readyMillis() {
    return ring.memory().getLong(offsets[0] + Frame.TIME);
  }

  /** Offset of the frame of job {@code index} in {@link #memory()}. */
  public int offset(int index) {
    return offsets[index];
  }

  /** Position of the frame at {@code offset} of this batch. */
  public long positionAt(int offset) {
    int start = (int) from & ring.mask();
    // The batch is contiguous in memory but for padding in front, after which it goes on at offset
    // 0.
    return offset >= start ? from + (offset - start) : from + (ring.capacity() - start) + offset;
  }

  /** Visits the batch's range in pieces, leaving out the frames in it that belong to no worker. */
  public void forEachRange(FinishedLog.RangeVisitor visitor) {
    long start = from;
    for (int i = 0; i < asideCount; i += 2) {
      if (start < asides[i]) {
        visitor.range(start, asides[i]);
      }
      start = asides[i + 1];
    }
    if (start < to) {
      visitor.range(start, to);
    }
  }
}
