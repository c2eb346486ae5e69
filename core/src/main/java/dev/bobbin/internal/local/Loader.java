package dev.bobbin.internal.local;

import dev.bobbin.internal.delay.Delays;
import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.HeapLog;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.Sweep;
import dev.bobbin.internal.work.Delivery;
import dev.bobbin.internal.work.Desk;
import dev.bobbin.internal.work.Lane;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings jobs that are not in the ring to the workers: delayed jobs when they are due, and the
 * ready ones that an earlier process left, in order. Owned by the I/O thread.
 */
final class Loader {
  private static final int BATCH_JOBS = 256;

  private final Desk desk;
  private final Delays delays;
  private final Sweep sweep;
  private final @Nullable Journal journal;
  private final @Nullable HeapLog heap;
  private final long backlogEnd;

  private long backlogNext;
  private byte @Nullable [] body;
  private @Nullable Extent bodyOf;
  private int bodyAt;

  /**
   * Jobs of the backlog that were not handed to workers yet. Written by the I/O thread, read by
   * status.
   */
  private final AtomicLong backlogJobs = new AtomicLong();

  /** Whether loading stopped because enough is loaded. Read by workers. */
  private volatile boolean starved;

  Loader(
      Desk desk,
      Delays delays,
      Sweep sweep,
      @Nullable Journal journal,
      @Nullable HeapLog heap,
      long backlogEnd,
      long backlogJobs) {
    this.desk = desk;
    this.delays = delays;
    this.sweep = sweep;
    this.journal = journal;
    this.heap = heap;
    this.backlogEnd = backlogEnd;
    this.backlogJobs.set(backlogJobs);
  }

  /** Loads what workers have room for; returns when to come back, in milliseconds since 1970. */
  long load(long nowMillis) throws IOException {
    starved = false;
    while (desk.hasRoom(Lane.DUE)) {
      Delivery delivery = loadDue(nowMillis);
      if (delivery == null) {
        delivery = loadBacklog();
      }
      if (delivery == null) {
        return delays.nextDueMillis();
      }
      desk.offer(Lane.DUE, delivery);
    }
    starved = true;
    // A worker that took a batch before it saw the flag does not wake this thread: look once more.
    return desk.hasRoom(Lane.DUE) ? nowMillis : Long.MAX_VALUE;
  }

  boolean isStarved() {
    return starved;
  }

  long backlogJobs() {
    return backlogJobs.get();
  }

  private @Nullable Delivery loadDue(long nowMillis) throws IOException {
    long[] next = new long[1];
    Delivery delivery = null;
    while (delays.expire(nowMillis, 1, (due, position) -> next[0] = position) == 1) {
      if (delivery == null) {
        delivery = new Delivery(16 << 10, BATCH_JOBS);
      }
      byte[] frame = frame(next[0]);
      delivery.add(frame, 0, frame.length);
      if (delivery.size() == BATCH_JOBS || delivery.bytesUsed() >= desk.batchBytes()) {
        break;
      }
    }
    return delivery;
  }

  /** A copy of the frame of an unfinished job, from wherever it lies. */
  byte[] frame(long position) throws IOException {
    byte[] frame = sweep.read(position).orElse(null);
    if (frame == null && heap != null) {
      frame = heap.read(position);
    }
    if (frame == null && journal != null) {
      frame = journaled(journal, position);
    }
    if (frame == null) {
      throw new IllegalStateException("the unfinished job at position " + position + " is nowhere");
    }
    return frame;
  }

  private byte @Nullable [] journaled(Journal from, long position) throws IOException {
    Extent extent = from.extents().find(position);
    if (extent == null) {
      return null;
    }
    if (bodyOf != extent || body == null) {
      body = from.readBody(extent);
      bodyOf = extent;
      bodyAt = 0;
    }
    byte[] bytes = body;
    if (bodyAt >= bytes.length || Frame.position(bytes, bodyAt) > position) {
      bodyAt = 0;
    }
    // Due jobs of one block mostly come in order, so the search goes on where the last one ended.
    while (bodyAt < bytes.length) {
      int length = Frame.aligned(Frame.length(bytes, bodyAt));
      if (Frame.position(bytes, bodyAt) == position) {
        byte[] frame = new byte[length];
        System.arraycopy(bytes, bodyAt, frame, 0, length);
        return frame;
      }
      bodyAt += length;
    }
    return null;
  }

  private @Nullable Delivery loadBacklog() throws IOException {
    if (journal == null || backlogJobs.get() == 0) {
      return null;
    }
    Delivery delivery = new Delivery(desk.batchBytes(), BATCH_JOBS);
    while (delivery.size() == 0) {
      Extent extent = journal.extents().find(backlogNext);
      if (extent == null) {
        extent = journal.extents().next(backlogNext);
      }
      if (extent == null || extent.first() >= backlogEnd) {
        backlogJobs.set(0);
        return null;
      }
      fill(delivery, journal.readBody(extent), extent);
    }
    backlogJobs.addAndGet(-delivery.size());
    return delivery;
  }

  /** Takes ready jobs of the extent from where the last batch ended, until the batch is full. */
  private void fill(Delivery delivery, byte[] extentBody, Extent extent) {
    long from = backlogNext;
    backlogNext = extent.end();
    long[] stopped = {-1};
    FrameBodies.forEachLive(
        extentBody,
        extent,
        (bytes, offset, position) -> {
          if (position < from || stopped[0] >= 0 || Frame.kind(bytes, offset) != Frame.READY) {
            return;
          }
          if (delivery.size() == BATCH_JOBS || delivery.bytesUsed() >= desk.batchBytes()) {
            stopped[0] = position;
            return;
          }
          delivery.add(bytes, offset, Frame.aligned(Frame.length(bytes, offset)));
        });
    if (stopped[0] >= 0) {
      backlogNext = stopped[0];
    }
  }
}
