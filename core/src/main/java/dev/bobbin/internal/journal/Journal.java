package dev.bobbin.internal.journal;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one queue: blocks appended to segments, one stream in one order. A block is
 * durable when {@link #force} has returned after it. Owned by the I/O thread.
 *
 * <p>Invariant 5: acks are blocks of the same stream, behind the jobs they settle, and segments are
 * freed oldest first; so an ack is there as long as its job is. Invariant 4: {@link Segments} frees
 * a segment only when no byte in it is live.
 */
public final class Journal implements Log, AutoCloseable {
  /** Most bytes of a block's body, unless a single job is larger. */
  public static final int MAX_BODY_BYTES = 256 << 10;

  private static final int SMALLEST_FRAME_BYTES = 16;
  private static final byte[] ZEROS = new byte[Block.ALIGNMENT];

  private final long queue;
  private final Segments segments;
  private final Extents extents;
  private final Bodies bodies;
  private final List<PositionRanges> applied = new ArrayList<>();
  private final int maxBodyBytes;

  /**
   * Where {@link #reclaim} reads blocks to. Kept: new arrays of this size, one after the other,
   * have the garbage collector mark the heap all the time.
   */
  private byte[] moving = new byte[0];

  /** Where a block is put together; shared with other journals of the same thread. */
  private ByteBuffer block;

  private long nextBlock;
  private long durableBlock;
  private long journaledEnd;
  private boolean unforced;

  Journal(
      long queue,
      Segments segments,
      Extents extents,
      Bodies bodies,
      long nextBlock,
      long journaledEnd,
      int maxBodyBytes,
      ByteBuffer block) {
    this.queue = queue;
    this.bodies = bodies;
    this.segments = segments;
    this.extents = extents;
    this.nextBlock = nextBlock;
    this.durableBlock = nextBlock;
    this.journaledEnd = journaledEnd;
    this.maxBodyBytes = maxBodyBytes;
    this.block = block;
  }

  /** Size of a buffer for blocks whose body has up to {@code bodyBytes}. */
  public static int blockBytes(int bodyBytes) {
    // A gap lies between two frames, before the first or behind the last.
    long gaps = bodyBytes / SMALLEST_FRAME_BYTES + 2L;
    return (int) Block.aligned(Block.HEADER_BYTES + bodyBytes + gaps * Block.GAP_BYTES);
  }

  /** Another thread takes over, with its own buffers. Called by it. */
  public void adopt(IntFunction<ByteBuffer> buffers) {
    block = buffers.apply(blockBytes(maxBodyBytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What the journal has others do because it does not know what a job looks like. */
  public interface Bodies {
    /**
     * Throws, saying what is wrong, unless {@code body} is made up of whole frames of [first, end)
     * in order of their positions.
     */
    void check(byte[] body, long first, long end) throws IOException;

    /**
     * Appends the frames in the first {@code length} bytes of {@code body} that are not finished to
     * {@code target}.
     */
    Moved copyLive(byte[] body, int length, PositionRanges finished, ByteBuffer target)
        throws IOException;
  }

  /** How many frames were copied. */
  public record Moved(int ready, int asides) {}

  @Override
  public ByteBuffer body() {
    return block.clear().limit(Block.HEADER_BYTES + maxBodyBytes).position(Block.HEADER_BYTES);
  }

  @Override
  public void appendJobs(Span span) throws IOException {
    long before = journaledEnd;
    journaledEnd = span.end();
    try {
      append(Block.JOBS, span);
    } catch (NoSpaceException e) {
      // No later block may say that these jobs are in the journal.
      journaledEnd = before;
      throw e;
    }
  }

  /** Appends what is in the buffer up to its position. */
  private void append(int kind, Span span) throws IOException {
    int bodyBytes = block.position() - Block.HEADER_BYTES;
    long[] gaps = putGaps(span.gaps());
    int gapBytes = gaps.length * Long.BYTES;
    long bytes = Block.aligned(Block.HEADER_BYTES + (long) bodyBytes + gapBytes);
    Segment segment =
        kind != Block.JOBS && bodyBytes == 0
            ? segments.forWord(nextBlock)
            : segments.forAppend(bytes, nextBlock, kind == Block.JOBS && bodyBytes > 0);
    Block.Header header =
        new Block.Header(
            bodyBytes,
            Block.check(block, Block.HEADER_BYTES, bodyBytes, 0),
            segment.number,
            nextBlock,
            kind,
            span.first(),
            span.end(),
            journaledEnd,
            durableBlock,
            segments.oldestNumber(),
            span.ready(),
            span.asides(),
            gaps.length / 2,
            Block.check(block, Block.HEADER_BYTES + bodyBytes, gapBytes, 0));
    zeroPadding((int) bytes);
    Block.seal(block, header, queue);
    long offset = segments.offset();
    segment.file.write(block.clear().limit((int) bytes), offset);
    segments.advance(bytes);
    nextBlock++;
    unforced = true;
    if (header.hasJobs()) {
      extents.put(new Extent(segment, offset, header, gaps));
    }
  }

  /** Puts the gaps behind the body; returns them as pairs. */
  private long[] putGaps(PositionRanges gaps) {
    long[] pairs = new long[gaps.size() * 2];
    int[] next = {0};
    gaps.forEach(
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        (from, to) -> {
          pairs[next[0]++] = from;
          pairs[next[0]++] = to;
        });
    block.limit(block.capacity());
    for (long position : pairs) {
      block.putLong(position);
    }
    return pairs;
  }

  /** The buffer is shared: an earlier block, of another queue even, would go into the file. */
  private void zeroPadding(int end) {
    block.put(ZEROS, 0, end - block.position());
  }

  private void appendPlain(int kind) throws IOException {
    append(kind, new Span(0, 0, new PositionRanges(), 0, 0));
  }

  /** Appends those parts of {@code acks} that settle a job in the journal. */
  @Override
  public void appendFinished(PositionRanges acks) throws IOException {
    ByteBuffer body = body();
    for (long at = acks.nextCovered(0); at != Long.MAX_VALUE; ) {
      long to = acks.firstUncovered(at);
      if (extents.touches(at, to)) {
        if (body.remaining() < 16) {
          appendPlain(Block.FINISHED);
          body = body();
        }
        body.putLong(at).putLong(to);
      }
      at = acks.nextCovered(to);
    }
    if (body.position() > Block.HEADER_BYTES) {
      appendPlain(Block.FINISHED);
    }
    // The jobs stay live in memory until the acks are forced: an ack must not free what it settles
    // before it is durable.
    applied.add(acks);
  }

  /** Appends the block that says that the queue was closed in order. */
  public void appendClosed() throws IOException {
    body();
    appendPlain(Block.CLOSED);
  }

  /**
   * Makes everything appended durable, then frees what is no longer needed. Invariant 7: a failed
   * force is never retried.
   */
  @Override
  public void force() throws IOException {
    if (unforced) {
      segments.force();
      unforced = false;
      durableBlock = nextBlock;
    }
    for (PositionRanges acks : applied) {
      acks.forEach(0, Long.MAX_VALUE, extents::finish);
    }
    applied.clear();
    segments.free(durableBlock, extents);
    if (segments.owesWord()) {
      body();
      appendPlain(Block.FINISHED);
      segments.force();
      unforced = false;
      durableBlock = nextBlock;
      segments.free(durableBlock, extents);
    }
  }

  /**
   * Copies the live jobs of the oldest segment forward when that is worth it, a few blocks a call.
   */
  @Override
  public void reclaim() throws IOException {
    for (Extent extent : extents.worthMoving(segments)) {
      readMoving(extent);
      move(extent);
    }
  }

  /** Appends what is live of the extent that was read last. */
  private void move(Extent extent) throws IOException {
    PositionRanges finished = extents.finishedIn(extent);
    Moved moved = bodies.copyLive(moving, extent.bodyBytes, finished, body());
    append(
        Block.MOVED, new Span(extent.first, extent.end, finished, moved.ready(), moved.asides()));
  }

  private void readMoving(Extent extent) throws IOException {
    if (moving.length < extent.bodyBytes) {
      moving = new byte[extent.bodyBytes];
    }
    readBody(extent, moving);
  }

  /**
   * Empties the oldest segment if {@link #reclaim} would do that in time, and forces. For opening,
   * which begins a segment each time: a process that dies before its first cycles, again and again,
   * would fill the disk. With a full disk it is left for later, and so is a block that cannot be
   * read: whoever reads it back meets that, after the jobs before it.
   */
  public void reclaimOldest() throws IOException {
    try {
      List<Extent> next = extents.worthMoving(segments);
      while (!next.isEmpty()) {
        for (Extent extent : next) {
          if (!canRead(extent)) {
            force();
            return;
          }
          move(extent);
        }
        next = extents.worthMoving(segments);
      }
    } catch (NoSpaceException e) {
      // The oldest segment stays; what was copied counts in its new place.
    }
    force();
  }

  private boolean canRead(Extent extent) {
    try {
      readMoving(extent);
      return true;
    } catch (IOException | CorruptionException e) {
      return false;
    }
  }

  /** Frames of the extent, as they were written; finished ones included. */
  public byte[] readBody(Extent extent) throws IOException {
    byte[] body = new byte[extent.bodyBytes];
    readBody(extent, body);
    return body;
  }

  private void readBody(Extent extent, byte[] target) throws IOException {
    extent.segment.file.read(ByteBuffer.wrap(target, 0, extent.bodyBytes), extent.bodyOffset);
    if (Block.check(ByteBuffer.wrap(target), 0, extent.bodyBytes, 0) != extent.bodyCheck) {
      throw corrupt(extent, "its body does not match its checksum", null);
    }
  }

  String describe(Extent extent) {
    return segments.describe(extent.segment) + " at offset " + extent.blockOffset();
  }

  /** A way to read jobs back, for one thread. */
  public Readback readback() {
    return new Readback(this, extents);
  }

  /**
   * Checks that the body, as it was read, is made up of whole frames of its extent.
   *
   * @throws CorruptionException if it is not
   */
  public void check(Extent extent, byte[] body) {
    try {
      bodies.check(body, extent.first, extent.end);
    } catch (IOException e) {
      throw corrupt(extent, String.valueOf(e.getMessage()), e);
    }
  }

  private CorruptionException corrupt(Extent extent, String what, @Nullable IOException cause) {
    return new CorruptionException(
        "corrupt journal: " + describe(extent) + ": " + what + ". " + Blocks.ADVICE, cause);
  }

  /** Where jobs lie. */
  public Extents extents() {
    return extents;
  }

  /** Segments in use. */
  public int segments() {
    return segments.inUse();
  }

  /** Their size. */
  public long bytes() {
    return segments.bytes();
  }

  /**
   * The unfinished job that keeps the oldest of several segments in use, or -1.
   *
   * @param known what this said last, or -1
   */
  public long pinning(long known) {
    return segments.inUse() > 1 ? extents.firstIn(segments.oldest(), known) : -1;
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }

  /** Whether a segment was missing because the disk is full, and is missing still. */
  public boolean isFull() {
    return segments.isFull();
  }

  /** Tries to get room again after a {@link NoSpaceException}; returns whether there is. */
  public boolean retrySpace() throws IOException {
    return segments.prepareSpare();
  }
}
