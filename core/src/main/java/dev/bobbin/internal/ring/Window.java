package dev.bobbin.internal.ring;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which part of the {@link Ring} may be used again. A position is given back when it is
 * settled (finished, or written to the journal) and no reader stands at or before it, in order of
 * positions. {@link Settlement} knows what is settled.
 *
 * <p>All state is guarded by one lock, taken once per 16 KiB by producers, once per cycle and chunk
 * by the I/O thread, once per sixteen due jobs by the timer thread, and by workers only while the
 * finished log is full, a retry finds no room, or a producer waits. So the space of finished jobs
 * comes back while the I/O thread waits for a slow disk.
 */
public final class Window {
  /**
   * How far zeroing runs ahead of producers: what stays in the nearest cache until it is written.
   */
  private static final int CHUNK_BYTES = 16 << 10;

  private final Ring ring;
  private final InHand inHand;
  private final Settlement settlement;
  private final boolean journaled;
  private final int reserveBytes;
  private final BriefLock lock = new BriefLock();
  private final Condition room = lock.newCondition();

  // Guarded by the lock.
  private Reader[] readers = new Reader[0];
  private long allowance = Long.MAX_VALUE;
  private long ceiling = Long.MAX_VALUE;
  private boolean refusing;

  /** Everything before it may be used again. Written under the lock, read by anyone. */
  private final Cursor reclaimed;

  /** The queue has failed. Set once. */
  private volatile boolean abandoned;

  /** A producer that does not wait got no room. Set by producers, cleared by the I/O thread. */
  private volatile boolean wanted;

  /** A worker found no room for a copy. Set by workers, cleared by the I/O thread. */
  private volatile boolean pressed;

  /** Producers that wait for room. Written under the lock, read by workers. */
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param journaled whether unfinished jobs are written to a journal; if not, a ready job counts
   *     as written as soon as it is published
   */
  public Window(Ring ring, RingFile.Parts parts, long seed, boolean journaled) {
    this.ring = ring;
    this.inHand = new InHand(parts.inHand());
    this.settlement =
        new Settlement(
            ring,
            new FinishedLog(parts.log(), seed),
            new SettledMark(parts.mark(), seed),
            journaled);
    this.journaled = journaled;
    this.reserveBytes = ring.capacity() / 4;
    long start = settlement.written();
    this.reclaimed = new Cursor(start);
    // A worker looks at the word at tail before any producer comes: what an earlier process left
    // there must be gone.
    ring.zeroUpTo(start + CHUNK_BYTES);
    ring.limit.setRelease(limit());
  }

  /**
   * Bytes that batches in hand may add up to, so that all of them can be retried from the reserve.
   */
  public int inHandBytes() {
    return ring.capacity() / 8;
  }

  public Reader addReader() {
    Reader reader = new Reader(inHand);
    lock.lock();
    try {
      readers = Arrays.copyOf(readers, readers.length + 1);
      readers[readers.length - 1] = reader;
    } finally {
      lock.unlock();
    }
    return reader;
  }

  public void removeReader(Reader reader) {
    reader.close();
    lock.lock();
    try {
      readers = Arrays.stream(readers).filter(r -> r != reader).toArray(Reader[]::new);
    } finally {
      lock.unlock();
    }
  }

  /** Where those write down what they hold, for recovery, who have no mark in the ring. */
  public InHand inHand() {
    return inHand;
  }

  /**
   * Reports a range as finished. Lock-free unless the log is full or a producer waits for the
   * space.
   */
  public void finish(long from, long to) {
    while (!settlement.report(from, to)) {
      if (abandoned) {
        // The queue has failed: nobody listens, and after reopening the jobs are delivered again.
        return;
      }
      settleNow();
    }
    // The report first, then the look at who waits for it: a release alone would let the look
    // overtake it. The other sides are in awaitRoom and in Flushing.complete.
    VarHandle.fullFence();
    if (waiting.get() > 0) {
      settleNow();
    }
  }

  private void settleNow() {
    lock.lock();
    try {
      settle();
      boolean worthwhile =
          reach() - ring.tail.getVolatile() >= ring.capacity() / 8 || !ring.hasUnread();
      if (waiting.get() > 0 && worthwhile) {
        room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether {@code bytes} fit and leave as much as batches in hand may need to be retried
   * (invariant 8).
   */
  public boolean hasAmple(int bytes) {
    if (leavesAmple(bytes)) {
      return true;
    }
    makeRoom(bytes, true);
    return leavesAmple(bytes);
  }

  private boolean leavesAmple(int bytes) {
    return reclaimed.getVolatile() + ring.capacity() - ring.tail() - bytes >= inHandBytes();
  }

  /** Tries to make {@code bytes} available to producers, or with {@code reserved} to retries. */
  public boolean makeRoom(int bytes, boolean reserved) {
    lock.lock();
    try {
      return extend(bytes, reserved);
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #makeRoom}, waiting at most {@code nanos}; returns what is left of them, not positive
   * if it timed out.
   */
  public long awaitRoom(int bytes, boolean reserved, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      waiting.incrementAndGet();
      VarHandle.fullFence();
      try {
        while (left > 0 && (reserved || !refusing) && !extend(bytes, reserved)) {
          // The slice is a bound, not a poll: whoever gives space back signals.
          long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
          left -= slice - Math.max(0, room.awaitNanos(slice));
        }
      } finally {
        waiting.decrementAndGet();
      }
      return left;
    } finally {
      lock.unlock();
    }
  }

  private boolean extend(int bytes, boolean reserved) {
    settle();
    // Room for the frame, for padding up to the ring's end in front of it, and for the word behind
    // it.
    long tail = ring.tail.getVolatile();
    int toEnd = ring.capacity() - ((int) tail & ring.mask());
    long need = tail + bytes + (toEnd < bytes ? toEnd : 0) + Long.BYTES;
    long free = reclaimed.getOpaque() + ring.capacity();
    ring.zeroUpTo(Math.min(free, need + CHUNK_BYTES));
    ring.limit.setRelease(limit());
    return need <= (reserved ? ring.zeroed.getOpaque() : limit());
  }

  private long limit() {
    return refusing ? Ring.REFUSING : Math.min(ring.zeroed.getOpaque(), reach());
  }

  /** How far producers may go once it is zeroed. */
  private long reach() {
    long space = Math.min(ring.capacity() - reserveBytes, allowance);
    return Math.min(ceiling, reclaimed.getOpaque() + space);
  }

  /** Takes in what was reported, and moves the reclaimed position. Lock held. */
  private void settle() {
    settlement.takeIn();
    long settled = settlement.settled();
    long bound = Math.min(settled, read());
    settlement.mark(settled);
    if (bound > reclaimed.getOpaque()) {
      reclaimed.setVolatile(bound);
    }
  }

  /** Everything before it was taken by workers, who have finished reading it. */
  private long read() {
    // Head first, then the readers' marks: see Ring.claim.
    long bound = ring.head.getVolatile();
    for (Reader reader : readers) {
      bound = Math.min(bound, reader.position.getVolatile());
    }
    return bound;
  }

  /** Whether the flush cycle could give space back: by writing jobs that workers hold in hand. */
  public boolean waitsForWriting() {
    return locked(() -> settlement.settled() < read());
  }

  // What the flush cycle does, on the I/O thread.

  /** Looks at the ring's unwritten part. Called with the lock held. */
  interface Section<R> {
    R run();
  }

  /** Runs {@code section} with the lock held, everything reported taken in first. */
  <R> R locked(Section<R> section) {
    lock.lock();
    try {
      settle();
      return section.run();
    } finally {
      lock.unlock();
    }
  }

  /** For the flush cycle. Lock held. */
  Settlement settlement() {
    return settlement;
  }

  /** The queue has failed: reports may be lost from now on, and nobody waits for them. */
  public void abandon() {
    abandoned = true;
  }

  /** Whether producers are held back because the last force is too far behind. */
  public boolean isAtCeiling() {
    return locked(() -> ceiling - ring.tail.getVolatile() < ring.capacity());
  }

  /** Whether somebody waits for room, or did not get it since the last {@link #forgetWanted}. */
  public boolean isAwaited() {
    return waiting.get() > 0 || wanted;
  }

  /** Whether what no worker has taken can leave the ring for a journal. */
  public boolean isJournaled() {
    return journaled;
  }

  /** Somebody who does not wait did not get room. */
  public void want() {
    wanted = true;
  }

  /** Workers cannot go on without room: whatever can leave the ring should. */
  public void press() {
    pressed = true;
  }

  public boolean isPressed() {
    return pressed;
  }

  /** Forgets who did not get room: a cycle begins that knows of it. */
  public void forgetWanted() {
    wanted = false;
    pressed = false;
  }

  /**
   * Takes the jobs that no worker has taken and that are written out of the ring, up to {@code
   * end}; null if there is none.
   */
  Ring.@Nullable Passed pass(long end) {
    lock.lock();
    try {
      return ring.passUpTo(Math.min(end, settlement.written()));
    } finally {
      lock.unlock();
    }
  }

  /** Passes delayed and dead frames at the ring's head, for a queue without workers. */
  public void skipAsides() {
    locked(ring::skipAsides);
  }

  /** Whether finished ranges of written jobs wait to be taken. */
  public boolean hasAcks() {
    return locked(settlement::hasAcks);
  }

  /**
   * The unfinished jobs before {@code position} are written: their space may leave the ring. Wakes
   * waiting producers.
   *
   * @param asidesCounted count of {@link Ring#asidesPlaced} below {@code position}, or -1 if
   *     unknown
   */
  void written(long position, long asidesCounted) {
    lock.lock();
    try {
      settlement.written(position, asidesCounted);
      settle();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * No position at or beyond it is claimed by producers: how far they may run ahead of the last
   * force.
   */
  public void ceiling(long position) {
    lock.lock();
    try {
      ceiling = position;
      ring.limit.setRelease(limit());
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many bytes the ring may hold at most, for the queue's byte limit; or {@link
   * Long#MAX_VALUE}.
   */
  public void allow(LongSupplier bytes) {
    lock.lock();
    try {
      // Asked under the lock, so that an older answer cannot replace a newer one.
      allowance = Math.max(0, bytes.getAsLong());
      ring.limit.setRelease(limit());
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops producers from claiming, or lets them claim again; wakes those that wait. Once it has
   * stopped them, the ring's tail moves for retries alone, and for claims that became padding.
   */
  public void refuse(boolean nowRefusing) {
    lock.lock();
    try {
      refusing = nowRefusing;
      // Volatile: whoever refuses reads tail next. See Ring.append.
      ring.limit.setVolatile(limit());
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public long reclaimed() {
    return reclaimed.getVolatile();
  }
}
