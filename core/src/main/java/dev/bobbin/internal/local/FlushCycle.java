package dev.bobbin.internal.local;

import dev.bobbin.internal.journal.HeapLog;
import dev.bobbin.internal.journal.Log;
import dev.bobbin.internal.journal.Span;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.Sweep;
import dev.bobbin.internal.watch.FlushGauge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One queue's part of the flush cycle. {@link IoThread} calls the steps of all queues in turn:
 * every queue's {@link #drain} before any queue's {@link #takeEnd}, every {@link #write} before any
 * {@link #force}, and {@link #complete} last.
 *
 * <p>Invariant 13: ends are taken after ranges are drained, for all queues; the acks drained in one
 * cycle are written in the next, when everything submitted before them is forced. Invariant 3
 * follows: a retry lies before the end that was taken after its original was reported.
 *
 * <p>A job that is finished when a cycle begins never touches the disk.
 */
final class FlushCycle {
  private static final long UNPUBLISHED_NANOS = 20_000;

  private final Sweep sweep;
  private final Log log;
  private final @Nullable HeapLog heap;
  private final Spill spill;
  private final FlushGauge gauge;
  private PositionRanges drained = new PositionRanges();
  private PositionRanges writable = new PositionRanges();
  private long journaled;
  private boolean full;
  private boolean wrote;

  /** {@code heap} is the log of a queue in memory, null for a journal. */
  FlushCycle(Sweep sweep, Log log, @Nullable HeapLog heap, Spill spill, FlushGauge gauge) {
    this.sweep = sweep;
    this.log = log;
    this.heap = heap;
    this.spill = spill;
    this.gauge = gauge;
    this.journaled = sweep.end();
  }

  void drain() {
    sweep.drain().forEach(0, Long.MAX_VALUE, drained::add);
  }

  void takeEnd() {
    sweep.takeEnd();
  }

  void write() throws IOException {
    gauge.begin();
    try {
      writeAll();
    } finally {
      gauge.pause();
    }
  }

  private void writeAll() throws IOException {
    full = false;
    wrote = sweep.end() != journaled || !writable.isEmpty();
    spill.begin();
    try {
      while (!sweep.isDone()) {
        writeBlock();
      }
      spill.after(sweep);
    } catch (NoSpaceException e) {
      full = true;
    }
    journaled = sweep.position();
    try {
      if (!writable.isEmpty()) {
        log.appendFinished(writable);
        writable = new PositionRanges();
      }
    } catch (NoSpaceException e) {
      // They are written when there is room again; saying them twice does no harm.
      full = true;
    }
  }

  private void writeBlock() throws IOException {
    long first = sweep.position();
    BlockFiller filler = new BlockFiller(log.body(), first, heap);
    while (!sweep.advance(filler) && !filler.isFull()) {
      // A producer was interrupted between claiming and publishing; it needs the processor, not
      // this thread.
      LockSupport.parkNanos(this, UNPUBLISHED_NANOS);
    }
    try {
      log.appendJobs(filler.span(first, sweep.position()));
    } catch (NoSpaceException e) {
      sweep.rewind(first);
      throw e;
    }
    sweep.written();
    spill.after(sweep);
  }

  void force() throws IOException {
    gauge.begin();
    try {
      if (wrote) {
        log.force();
      }
    } finally {
      gauge.pause();
      gauge.end(wrote && heap == null);
    }
  }

  /**
   * After every queue's force. Returns the position below which everything is durable.
   *
   * @param whole whether every queue has written all up to its end; if not, the acks drained so far
   *     wait, because what they depend on may be missing
   */
  long complete(boolean whole) throws IOException {
    if (whole) {
      drained.forEach(0, Long.MAX_VALUE, writable::add);
      drained = new PositionRanges();
    }
    try {
      log.reclaim();
    } catch (NoSpaceException e) {
      full = true;
    }
    return journaled;
  }

  /** Whether the journal could not grow because the disk is full. */
  boolean isFull() {
    return full;
  }

  /** Whether acks wait for one of the next cycles. */
  boolean hasAcks() {
    return !writable.isEmpty() || !drained.isEmpty();
  }

  /** Collects frames for one block. */
  private static final class BlockFiller implements Sweep.Target {
    private final ByteBuffer body;
    private final @Nullable HeapLog heap;
    private final PositionRanges gaps = new PositionRanges();
    private long next;
    private int ready;
    private int asides;
    private boolean full;

    BlockFiller(ByteBuffer body, long first, @Nullable HeapLog heap) {
      this.body = body;
      this.next = first;
      this.heap = heap;
    }

    @Override
    public boolean offer(
        ByteBuffer memory, int offset, int alignedLength, long position, byte kind) {
      if (heap != null) {
        if (kind != Frame.READY) {
          byte[] frame = new byte[alignedLength];
          memory.get(offset, frame);
          heap.keep(position, frame);
        }
        return true;
      }
      if (body.remaining() < alignedLength) {
        full = true;
        return false;
      }
      if (position > next) {
        gaps.add(next, position);
      }
      body.put(body.position(), memory, offset, alignedLength);
      body.position(body.position() + alignedLength);
      if (Frame.isAside(memory, offset)) {
        asides++;
      } else {
        ready++;
      }
      next = position + alignedLength;
      return true;
    }

    boolean isFull() {
      return full;
    }

    Span span(long first, long end) {
      if (end > next) {
        gaps.add(next, end);
      }
      return new Span(first, end, gaps, ready, asides);
    }
  }
}
