package dev.bobbin.internal.admit;

import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Window;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs into the ring, or says why not. The fast way is the ring's own limit; everything here
 * is what happens when that is reached. Invariant 9: the wait for room is bounded by {@link
 * QueueOptions#submitTimeout}, and it parks.
 */
public final class Admission {
  /** How long a job with a key waits at most before it looks whether the key is known by now. */
  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Ring ring;
  private final Window window;
  private final QueueOptions options;
  private final FlushCycles cycles;
  private final boolean countsJobs;
  private final AtomicLong jobs = new AtomicLong();
  private final AtomicLong outsideBytes = new AtomicLong();
  private final RefusalLedger refusals = new RefusalLedger();
  private final Waits waits = new Waits();

  /** Why nothing is let in, or null. */
  private volatile @Nullable Closed closed;

  /** How often {@link #closed} has been taken back. Written under the monitor of {@code jobs}. */
  private volatile int reopenings;

  private record Closed(Refusal refusal, String detail, @Nullable Throwable cause) {}

  /** What admission asks of the queue's flush cycles. */
  public interface FlushCycles {
    /** Has a cycle begin at once: it would give space back. */
    void hurry();

    /** Has cycles go on: somebody waits for room. */
    void goOn();
  }

  public Admission(Ring ring, Window window, QueueOptions options, FlushCycles cycles) {
    this.ring = ring;
    this.window = window;
    this.options = options;
    this.cycles = cycles;
    this.countsJobs = options.limits().jobs() != Long.MAX_VALUE;
    limitBytes();
  }

  /** Which way into the ring. */
  public enum Way {
    READY,
    DELAYED
  }

  /**
   * Appends the frame, waiting at most {@code waitNanos} for room.
   *
   * @return its position
   * @throws RefusedException with the reason
   */
  public long admit(FrameWriter frame, Way way, long waitNanos) {
    try {
      long left = countsJobs ? takePlace(waitNanos) : waitNanos;
      long position = append(frame, way);
      if (position == Ring.NO_ROOM) {
        position = admitSlowly(frame, way, left);
      }
      return position;
    } catch (RefusedException e) {
      throw counted(e);
    }
  }

  /** A submit is refused: once for each, wherever it is found out. Returns what to throw. */
  public RefusedException counted(RefusedException refused) {
    refusals.add(refused);
    return refused;
  }

  /** Who was refused, and why. */
  public RefusalLedger refusals() {
    return refusals;
  }

  /** How long producers have waited. */
  public Waits waits() {
    return waits;
  }

  /** Whether everything is refused for this reason. */
  public boolean isClosedFor(Refusal reason) {
    Closed now = closed;
    return now != null && now.refusal == reason;
  }

  /** Bytes of unfinished jobs that are kept outside the ring. */
  public long outsideBytes() {
    return Math.max(0, outsideBytes.get());
  }

  /** Appends the frame if it fits now; if not, {@link Ring#NO_ROOM}, and no reason. */
  long tryAdmit(FrameWriter frame, Way way) {
    if (countsJobs && !takePlaceNow()) {
      return Ring.NO_ROOM;
    }
    long position = Ring.NO_ROOM;
    try {
      position = append(frame, way);
      if (position == Ring.NO_ROOM && window.makeRoom(frame.alignedLength(), false)) {
        position = append(frame, way);
      }
      return position;
    } finally {
      if (position == Ring.NO_ROOM) {
        left(1);
      }
    }
  }

  /**
   * Waits until {@link #tryAdmit} is worth trying again, at most {@code waitNanos}, and no longer
   * than a moment at once; returns what is left of the wait.
   *
   * @throws RefusedException with the reason if nothing is left of it
   */
  long awaitChance(FrameWriter frame, long waitNanos) {
    long began = System.nanoTime();
    long moment = Math.min(waitNanos, MOMENT_NANOS);
    refuseIfClosed();
    if (countsJobs && !awaitPlace(began + moment)) {
      if (waitNanos <= 0) {
        throw atJobLimit(null);
      }
    } else if (!window.makeRoom(frame.alignedLength(), false)) {
      awaitRoom(frame, moment);
    }
    return waitNanos - (System.nanoTime() - began);
  }

  private long append(FrameWriter frame, Way way) {
    return way == Way.READY ? ring.append(frame) : ring.appendAside(frame);
  }

  private long admitSlowly(FrameWriter frame, Way way, long waitNanos) {
    long left = waitNanos;
    boolean admitted = false;
    try {
      while (true) {
        int before = reopenings;
        refuseIfClosed();
        if (window.makeRoom(frame.alignedLength(), false)) {
          long position = append(frame, way);
          if (position != Ring.NO_ROOM) {
            admitted = true;
            return position;
          }
        } else if (left > 0 || isFull(before)) {
          left -= awaitRoom(frame, left);
        }
      }
    } finally {
      if (!admitted) {
        left(1);
      }
    }
  }

  /** Whether it was the ring that had no room, and not the queue that was closed for a moment. */
  private boolean isFull(int reopeningsBefore) {
    refuseIfClosed();
    return reopenings == reopeningsBefore;
  }

  /** Waits a while for room, at most {@code left}; returns how long. */
  private long awaitRoom(FrameWriter frame, long left) {
    if (left <= 0) {
      window.want();
      cycles.goOn();
      throw full(null);
    }
    if (window.waitsForWriting()) {
      cycles.hurry();
    } else {
      cycles.goOn();
    }
    long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
    waits.begin();
    try {
      long rest = window.awaitRoom(frame.alignedLength(), false, slice);
      if (rest <= 0) {
        // The workers are behind: a cycle can have unread jobs leave the ring for the journal.
        cycles.hurry();
      }
      return slice - Math.max(0, rest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw full(e);
    } finally {
      waits.end();
    }
  }

  private RefusedException full(@Nullable InterruptedException interrupt) {
    if (window.isAtCeiling()) {
      return new RefusedException(
          Refusal.DISK_SLOW, "the disk has not answered for too long", interrupt, 0);
    }
    Limits limits = options.limits();
    boolean byLimit = outsideBytes.get() + ring.capacity() * 3L / 4 > limits.bytes();
    String what =
        byLimit
            ? "unfinished jobs take up the limit of " + limits.bytes() + " bytes"
            : "the ring of " + ring.capacity() + " bytes is full: the workers are behind";
    return new RefusedException(
        Refusal.BYTE_LIMIT,
        what + (interrupt == null ? "" : "; interrupted while waiting for room"),
        interrupt,
        0);
  }

  /** Takes a place under the job limit; returns what is left of the wait. */
  private long takePlace(long waitNanos) {
    long deadline = System.nanoTime() + waitNanos;
    while (true) {
      if (takePlaceNow()) {
        return deadline - System.nanoTime();
      }
      refuseIfClosed();
      if (!awaitPlace(deadline)) {
        throw atJobLimit(null);
      }
    }
  }

  private boolean takePlaceNow() {
    while (true) {
      long now = jobs.get();
      if (now >= options.limits().jobs()) {
        return false;
      }
      if (jobs.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Waits for a place, or a reason that there will be none; false if neither came in time. */
  private boolean awaitPlace(long deadline) {
    waits.begin();
    try {
      return awaitPlaceUnder(deadline);
    } finally {
      waits.end();
    }
  }

  private boolean awaitPlaceUnder(long deadline) {
    synchronized (jobs) {
      try {
        while (jobs.get() >= options.limits().jobs() && closed == null) {
          long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (millis <= 0) {
            return false;
          }
          jobs.wait(millis);
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw atJobLimit(e);
      }
    }
  }

  private RefusedException atJobLimit(@Nullable InterruptedException interrupt) {
    return new RefusedException(
        Refusal.JOB_LIMIT,
        "the limit of "
            + options.limits().jobs()
            + " unfinished jobs is reached"
            + (interrupt == null ? "" : "; interrupted while waiting"),
        interrupt,
        0);
  }

  /** Jobs were acked or set aside: their places are free. */
  public void left(int count) {
    if (countsJobs && count > 0) {
      long before = jobs.getAndAdd(-count);
      if (before >= options.limits().jobs()) {
        synchronized (jobs) {
          jobs.notifyAll();
        }
      }
    }
  }

  /** Jobs that an earlier process left take up places too. */
  public void recovered(long count, long bytes) {
    if (countsJobs) {
      jobs.addAndGet(count);
    }
    outside(bytes);
  }

  /** Bytes of unfinished jobs outside the ring came or went. */
  public void outside(long bytes) {
    long now = outsideBytes.addAndGet(bytes);
    // What neither came from where the ring is bounded nor leads there changes nothing: far from
    // the limit no worker needs the window's lock. Whoever crosses the border asks again.
    if (boundsRing(now) || boundsRing(now - bytes)) {
      limitBytes();
    }
  }

  /** Whether so many bytes outside leave less than all of the ring. */
  private boolean boundsRing(long outside) {
    return options.limits().bytes() - Math.max(0, outside) < ring.capacity();
  }

  private void limitBytes() {
    window.allow(
        () -> {
          long outside = outsideBytes.get();
          return boundsRing(outside)
              ? options.limits().bytes() - Math.max(0, outside)
              : Long.MAX_VALUE;
        });
  }

  /**
   * Refuses everything from now on; wakes those that wait. Of several reasons the one that lasts
   * longest is given; of two that last as long, the first.
   */
  public void close(Refusal refusal, String detail, @Nullable Throwable cause) {
    synchronized (jobs) {
      if (closed == null || weight(refusal) > weight(closed.refusal)) {
        closed = new Closed(refusal, detail, cause);
      }
      window.refuse(true);
      jobs.notifyAll();
    }
  }

  private static int weight(Refusal refusal) {
    return switch (refusal) {
      case FAILED -> 4;
      case CLOSED -> 3;
      case DRAINING -> 2;
      default -> 1;
    };
  }

  /** Lets jobs in again, if it was closed for {@code refusal}. */
  public void reopen(Refusal refusal) {
    synchronized (jobs) {
      Closed now = closed;
      if (now != null && now.refusal == refusal) {
        // The reason goes last: whoever is still refused finds it, or sees that it is gone, and is
        // not told of a full ring.
        window.refuse(false);
        reopenings++;
        closed = null;
      }
    }
  }

  /** Throws if nothing is let in. */
  public void refuseIfClosed() {
    Closed now = closed;
    if (now != null) {
      throw new RefusedException(now.refusal, now.detail, now.cause, 0);
    }
  }
}
