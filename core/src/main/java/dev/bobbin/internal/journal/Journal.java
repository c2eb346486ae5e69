package dev.bobbin.internal.journal;

import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

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

  private final long queue;
  private final Segments segments;
  private final Extents extents;
  private final Bodies bodies;
  private final List<PositionRanges> applied = new ArrayList<>();
  private final ByteBuffer block;
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
      int maxBodyBytes) {
    this.queue = queue;
    this.bodies = bodies;
    this.segments = segments;
    this.extents = extents;
    this.nextBlock = nextBlock;
    this.durableBlock = nextBlock;
    this.journaledEnd = journaledEnd;
    this.block =
        ByteBuffer.allocateDirect((int) Block.aligned(Block.HEADER_BYTES + (long) maxBodyBytes))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What the journal has others do because it does not know what a job looks like. */
  public interface Bodies {
    /**
     * The parts of [first, end) that no frame of {@code body} covers. Throws if a frame is not what
     * it should be.
     */
    PositionRanges gaps(byte[] body, long first, long end) throws IOException;

    /** Appends the frames of {@code body} that are not finished to {@code target}. */
    void copyLive(byte[] body, Extent extent, ByteBuffer target);
  }

  @Override
  public ByteBuffer body() {
    return block.clear().position(Block.HEADER_BYTES);
  }

  /**
   * Appends the frames in {@link #body}, up to its position: the unfinished jobs of [first, end).
   *
   * @param gaps what of that range is not among the frames; belongs to the journal afterwards
   */
  @Override
  public void appendJobs(long first, long end, PositionRanges gaps) throws IOException {
    int bodyBytes = block.position() - Block.HEADER_BYTES;
    long before = journaledEnd;
    journaledEnd = end;
    try {
      append(Block.JOBS, first, end, bodyBytes, gaps);
    } catch (NoSpaceException e) {
      // No later block may say that these jobs are in the journal.
      journaledEnd = before;
      throw e;
    }
  }

  private void append(int kind, long first, long end, int bodyBytes, PositionRanges gaps)
      throws IOException {
    long bytes = Block.aligned(Block.HEADER_BYTES + (long) bodyBytes);
    Segment segment = segments.forAppend(bytes, nextBlock, kind == Block.JOBS && bodyBytes > 0);
    Block.seal(
        block,
        new Block.Header(
            bodyBytes,
            Block.check(block, Block.HEADER_BYTES, bodyBytes, 0),
            segment.number,
            nextBlock,
            kind,
            first,
            end,
            journaledEnd,
            durableBlock,
            segments.oldestNumber()),
        queue);
    long offset = segments.offset();
    segment.file.write(block.clear().limit((int) bytes), offset);
    segments.advance(bytes);
    nextBlock++;
    unforced = true;
    if (bodyBytes > 0 && (kind == Block.JOBS || kind == Block.MOVED)) {
      extents.put(
          new Extent(
              first, end, segment, offset + Block.HEADER_BYTES, bodyBytes, block.getInt(12), gaps));
    }
  }

  /** Appends those parts of {@code acks} that settle a job in the journal. */
  @Override
  public void appendFinished(PositionRanges acks) throws IOException {
    ByteBuffer body = body();
    for (long at = acks.nextCovered(0); at != Long.MAX_VALUE; ) {
      long to = acks.firstUncovered(at);
      if (extents.touches(at, to)) {
        if (body.remaining() < 16) {
          append(Block.FINISHED, 0, 0, body.position() - Block.HEADER_BYTES, new PositionRanges());
          body = body();
        }
        body.putLong(at).putLong(to);
      }
      at = acks.nextCovered(to);
    }
    if (body.position() > Block.HEADER_BYTES) {
      append(Block.FINISHED, 0, 0, body.position() - Block.HEADER_BYTES, new PositionRanges());
    }
    // The jobs stay live in memory until the acks are forced: an ack must not free what it settles
    // before it is durable.
    applied.add(acks);
  }

  /** Appends the block that says that the queue was closed in order. */
  public void appendClosed() throws IOException {
    append(Block.CLOSED, 0, 0, 0, new PositionRanges());
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
    segments.free(durableBlock, extents.liveBytes());
  }

  /**
   * Copies the live jobs of the oldest segment forward when that is worth it, a few blocks a call.
   */
  @Override
  public void reclaim() throws IOException {
    for (Extent extent : extents.worthMoving(segments)) {
      byte[] from = readBody(extent);
      ByteBuffer body = body();
      bodies.copyLive(from, extent, body);
      append(
          Block.MOVED,
          extent.first,
          extent.end,
          body.position() - Block.HEADER_BYTES,
          extent.copyFinished());
    }
  }

  /** Frames of the extent, as they were written; finished ones included. */
  public byte[] readBody(Extent extent) throws IOException {
    byte[] body = new byte[extent.bodyBytes];
    extent.segment.file.read(ByteBuffer.wrap(body), extent.bodyOffset);
    if (Block.check(ByteBuffer.wrap(body), 0, extent.bodyBytes, 0) != extent.bodyCheck) {
      throw new IOException(
          "corrupt block in "
              + segments.describe(extent.segment)
              + " at offset "
              + (extent.bodyOffset - Block.HEADER_BYTES)
              + ": its checksum does not match what was written");
    }
    return body;
  }

  /** Where jobs lie. */
  public Extents extents() {
    return extents;
  }

  public long bytes() {
    return segments.bytes();
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }

  /** Whether a segment was missing at the last append because the disk is full. */
  public boolean wasFull() {
    return segments.wasFull();
  }

  /** Tries to get room again after a {@link NoSpaceException}. */
  public boolean retrySpace() throws IOException {
    return segments.prepareSpare();
  }
}
