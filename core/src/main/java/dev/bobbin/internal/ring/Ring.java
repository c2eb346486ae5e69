package dev.bobbin.internal.ring;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A circular buffer of frames, many producers and many workers; byte-addressed by a position that
 * never repeats.
 *
 * <pre>
 *     reclaimed        head              tail        limit     zeroed = at most reclaimed + capacity
 *   ------+--------------+-----------------+------------+---------+------
 *         | taken, maybe | published, or   | free, zero | reserve |
 *         | being read   | being written   |            |         |
 * </pre>
 *
 * <p>Publication: a producer claims [tail, next) with one compare-and-set, copies its frame in, and
 * stores the frame's first word last, with release; a worker loads that word first, with acquire.
 * Bytes are zeroed before tail can reach them (invariant: the word at tail is always below {@code
 * zeroed}), so that a worker that looks at an unpublished frame reads zero, never a remnant of an
 * earlier lap. Zeroing runs 16 KiB ahead of the producers, which also brings those lines into the
 * producer's cache: it costs nothing that can be measured (docs/decisions/001).
 *
 * <p>Invariant 8 is kept here: producers stop at {@code limit}, a quarter of the ring short of what
 * is free; retries and dead letters may go to {@code zeroed}. {@link Window} moves both.
 */
public final class Ring {
  /** What {@link #append} returns when the frame does not fit now. */
  public static final long NO_ROOM = -1;

  /** {@link #limit} of a ring that takes nothing from producers: below every position. */
  static final long REFUSING = Long.MIN_VALUE;

  private static final int WORD_BYTES = 8;

  /** Frames that {@link #oldestReadyMillis} passes at most. */
  private static final int MAX_LOOK_FRAMES = 256;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(4 << 10).asReadOnlyBuffer();

  private final ByteBuffer memory;
  private final int capacity;
  private final int mask;
  private final boolean checksummed;
  private final long seed;
  private final Doorbell doorbell;

  /** Where the next frame is claimed. */
  final Cursor tail;

  /** Where the next batch is taken. */
  final Cursor head;

  /** Producers claim below it, or not at all when it is {@link #REFUSING}. */
  final Cursor limit;

  /** End of the zeroed bytes; what is claimed for retries and dead letters stays below it. */
  final Cursor zeroed;

  /** Ready jobs that were put in. */
  private final Tally tally = new Tally();

  /** Frames claimed, or about to be, that are not ready jobs. Counted before the claim. */
  final Cursor asides = new Cursor(0);

  /** Those of {@link #asides} that have their place, or got none. Counted after the claim. */
  final Cursor asidesPlaced = new Cursor(0);

  /**
   * @param start position of the first frame, a multiple of the capacity
   * @param checksummed whether frames may come back from a disk and so carry a checksum
   */
  public Ring(ByteBuffer memory, long start, boolean checksummed, long seed, Doorbell doorbell) {
    this.memory = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.capacity = memory.capacity();
    if (Integer.bitCount(capacity) != 1 || start % capacity != 0) {
      throw new IllegalArgumentException("ring of " + capacity + " bytes from " + start);
    }
    this.mask = capacity - 1;
    this.checksummed = checksummed;
    this.seed = seed;
    this.doorbell = doorbell;
    this.tail = new Cursor(start);
    this.head = new Cursor(start);
    this.limit = new Cursor(start);
    this.zeroed = new Cursor(start);
  }

  public int capacity() {
    return capacity;
  }

  int mask() {
    return mask;
  }

  ByteBuffer memory() {
    return memory;
  }

  public long tail() {
    return tail.getVolatile();
  }

  public long head() {
    return head.getVolatile();
  }

  /** Ready jobs that were put in since the ring began; see {@link Tally}. */
  public long appended() {
    return tally.sum();
  }

  /**
   * Since when the first job that no worker has taken has been ready, in milliseconds since 1970;
   * {@link Long#MAX_VALUE} if there is none, or if too many other frames stand before it to be
   * passed here. For the status: takes no lock.
   */
  public long oldestReadyMillis() {
    while (true) {
      long start = head.getVolatile();
      long millis = firstReadyMillis(start);
      // What was read is right if head has not moved on: nothing at or after it is used again.
      VarHandle.acquireFence();
      if (head.getVolatile() == start) {
        return millis;
      }
    }
  }

  private long firstReadyMillis(long start) {
    long position = start;
    for (int step = 0; step < MAX_LOOK_FRAMES; step++) {
      int offset = (int) position & mask;
      int length = (int) Frame.word(memory, offset);
      if (length == 0) {
        break;
      }
      if (length > 0 && memory.get(offset + Frame.KIND) == Frame.READY) {
        return memory.getLong(offset + Frame.TIME);
      }
      position += length < 0 ? -length : Frame.aligned(length);
    }
    return Long.MAX_VALUE;
  }

  /** Whether frames were claimed that no worker has passed. */
  public boolean hasUnread() {
    return head.getVolatile() != tail.getVolatile();
  }

  /** Adds a ready job; returns its position, or {@link #NO_ROOM}. */
  public long append(FrameWriter frame) {
    long position = append(frame, limit, true);
    if (position != NO_ROOM) {
      doorbell.ring();
    }
    return position;
  }

  /** Adds a delayed job of a producer; returns its position, or {@link #NO_ROOM}. */
  public long appendAside(FrameWriter frame) {
    return appendAside(frame, limit);
  }

  /**
   * Adds a retry or a dead letter, which may use the reserve; returns its position, or {@link
   * #NO_ROOM}.
   */
  public long appendReserved(FrameWriter frame) {
    return appendAside(frame, zeroed);
  }

  private long appendAside(FrameWriter frame, Cursor bound) {
    // Before the claim: whoever reads tail and then this count, sees every aside frame below that
    // tail counted.
    asides.getAndAdd(1);
    long position;
    try {
      position = append(frame, bound, false);
    } finally {
      asidesPlaced.getAndAdd(1);
    }
    if (position != NO_ROOM) {
      doorbell.ring();
    }
    return position;
  }

  private long append(FrameWriter frame, Cursor bound, boolean counted) {
    int size = frame.alignedLength();
    while (true) {
      long start = tail.getVolatile();
      int toEnd = capacity - ((int) start & mask);
      long position = size <= toEnd ? start : start + toEnd;
      long next = position + size;
      if (next + WORD_BYTES > bound.getAcquire()) {
        return NO_ROOM;
      }
      if (tail.compareAndSet(start, next)) {
        if (position != start) {
          Frame.publish(memory, (int) start & mask, -toEnd);
        }
        // The claim first, then a second look: whoever had the ring refuse and then read tail has
        // seen this claim, or it is none (docs/memory-ordering.md, proof 7).
        if (bound == limit && limit.getVolatile() == REFUSING) {
          Frame.publish(memory, (int) position & mask, -size);
          return NO_ROOM;
        }
        if (counted) {
          frame.countIn(tally);
        }
        write(frame, position, size);
        return position;
      }
    }
  }

  private void write(FrameWriter frame, long position, int size) {
    int offset = (int) position & mask;
    boolean written = false;
    try {
      long word = frame.seal(position, checksummed, seed);
      memory.put(offset + WORD_BYTES, frame.bytes(), WORD_BYTES, frame.length() - WORD_BYTES);
      Frame.publish(memory, offset, word);
      written = true;
    } finally {
      if (!written) {
        // Claimed space must become passable, or no worker would ever get beyond it. Only a bad
        // mapping leads here.
        Frame.publish(memory, offset, -size);
      }
    }
  }

  /** Moves {@link #zeroed} on to {@code end}. Called with the window's lock. */
  void zeroUpTo(long end) {
    long from = zeroed.getOpaque();
    while (from < end) {
      int offset = (int) from & mask;
      int bytes = (int) Math.min(Math.min(end - from, ZEROS.capacity()), capacity - offset);
      memory.put(offset, ZEROS, 0, bytes);
      from += bytes;
    }
    zeroed.setRelease(from);
  }

  /** A batch buffer for {@link #claim}. */
  public Claim newClaim(int maxBatch) {
    return new Claim(this, maxBatch);
  }

  /**
   * Invariant 6: head passes a job once, so one worker holds it.
   *
   * <p>Takes the next batch of ready jobs, at most the claim's size and about {@code maxBytes},
   * contiguous in memory. Leaves {@code reader} at the batch's start, so that nothing of it is
   * reused before {@link Reader#release}.
   *
   * @param closed whether the ring is to be left alone, because older jobs than its own lie
   *     elsewhere. Asked after the look at head: jobs that left the ring before it are known by
   *     then, and those that leave it later keep head from moving on.
   * @return whether there is a batch; without one the reader is released
   */
  public boolean claim(Reader reader, Claim claim, int maxBytes, BooleanSupplier closed) {
    while (true) {
      long start = head.getVolatile();
      // The mark first, then a second look at head: either the window sees the mark, or it saw a
      // head that is not beyond
      // it. (Volatile store, volatile load: both take part in one total order with the window's
      // loads.)
      reader.position.setVolatile(start);
      if (head.getVolatile() != start) {
        continue;
      }
      long end = closed.getAsBoolean() ? start : walk(start, claim, maxBytes);
      if (end == start) {
        reader.release();
        return false;
      }
      if (head.compareAndSet(start, end) && claim.size() > 0) {
        return true;
      }
    }
  }

  /** As {@link #claim(Reader, Claim, int, BooleanSupplier)} from a ring that has all the jobs. */
  public boolean claim(Reader reader, Claim claim, int maxBytes) {
    return claim(reader, claim, maxBytes, () -> false);
  }

  /** Ready jobs that left the ring at its head without being taken: [from, to) in positions. */
  public record Passed(long from, long to, long jobs, long bytes) {}

  /**
   * Moves head to {@code end}, past jobs that the journal has; null if it is there already. Called
   * with the window's lock, which keeps the frames in place; all of them are published.
   */
  @Nullable Passed passUpTo(long end) {
    while (true) {
      long start = head.getVolatile();
      if (start >= end) {
        return null;
      }
      long jobs = 0;
      long bytes = 0;
      for (long position = start; position < end; ) {
        int offset = (int) position & mask;
        int length = (int) Frame.word(memory, offset);
        int aligned = length < 0 ? -length : Frame.aligned(length);
        if (length > 0 && memory.get(offset + Frame.KIND) == Frame.READY) {
          jobs++;
          bytes += aligned;
        }
        position += aligned;
      }
      if (head.compareAndSet(start, end)) {
        return new Passed(start, end, jobs, bytes);
      }
    }
  }

  /**
   * Moves head over frames that no worker is to take; returns how far. Called with the window's
   * lock, which keeps them in place.
   */
  long skipAsides() {
    long start = head.getVolatile();
    long position = start;
    long end = tail.getVolatile();
    while (position < end) {
      int offset = (int) position & mask;
      int length = (int) Frame.word(memory, offset);
      if (length == 0 || (length > 0 && memory.get(offset + Frame.KIND) == Frame.READY)) {
        break;
      }
      position += length < 0 ? -length : Frame.aligned(length);
    }
    return position != start && head.compareAndSet(start, position) ? position - start : 0;
  }

  private long walk(long start, Claim claim, int maxBytes) {
    claim.begin(start);
    long position = start;
    while (!claim.isFull() && position - start < maxBytes) {
      int offset = (int) position & mask;
      if (offset == 0 && claim.size() > 0) {
        break;
      }
      int length = (int) Frame.word(memory, offset);
      if (length == 0) {
        break;
      }
      if (length < 0) {
        position -= length;
        continue;
      }
      long end = position + Frame.aligned(length);
      int kindAndFlags = Frame.kindAndFlags(memory, offset);
      if (Frame.kindOf(kindAndFlags) == Frame.READY) {
        claim.addJob(offset, Frame.flagsOf(kindAndFlags));
      } else {
        claim.addAside(position, end);
      }
      position = end;
    }
    claim.end(position);
    return position;
  }
}
