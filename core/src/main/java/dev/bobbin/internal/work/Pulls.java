package dev.bobbin.internal.work;

import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.Lease;
import dev.bobbin.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches to threads that pull, each under a lease. Thread-safe. What a take needs of the
 * ring, a reader's mark and a batch buffer, is kept for the next one; there are as many as there
 * were takes at the same moment, at most {@value #MAX_KEPT}.
 */
public final class Pulls<T> {
  /** Most jobs of a lease. */
  private static final int MAX_JOBS = 4096;

  private static final int MAX_KEPT = 16;

  /**
   * Jobs are there that cannot be taken yet: a frame is being written, or retries need the room.
   */
  private static final long UNREADY_NANOS = 50_000;

  /** How much longer than asked a take waits for jobs that are being read from the journal. */
  private static final long LOADING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Duration SHORTEST_LEASE = Duration.ofMillis(10);

  private final Desk desk;
  private final String queue;
  private final long origin;
  private final Codec<T> codec;
  private final Expiry expiry;
  private final ConcurrentLinkedQueue<Taker> takers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();

  public Pulls(Desk desk, String queue, long origin, Codec<T> codec) {
    this.desk = desk;
    this.queue = queue;
    this.origin = origin;
    this.codec = codec;
    this.expiry = new Expiry(desk.ledger::nowMillis);
  }

  /** See {@link dev.bobbin.JobQueue#take(int, Duration, Duration)}. */
  public Lease<T> take(int max, Duration wait, Duration leaseTime) {
    if (max < 1 || max > MAX_JOBS) {
      throw new IllegalArgumentException("max must be from 1 to " + MAX_JOBS + ", found " + max);
    }
    long waitNanos = Delay.nanos(wait);
    long leaseNanos = leaseNanos(leaseTime);
    if (desk.isClosing()) {
      throw new IllegalStateException("queue " + queue + " is closed");
    }
    try {
      return take(max, waitNanos, leaseNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return nothing();
    } finally {
      // This thread may have been woken for jobs that it left, or did not get any more.
      if (desk.hasWork()) {
        desk.doorbell.wakeAnother();
      }
    }
  }

  /**
   * Takes the jobs that can be taken now, at most {@code max}, as they are; null if there is none.
   */
  public @Nullable FrameLease takeFrames(int max, Duration leaseTime) {
    int granted = desk.enter(max);
    if (granted == 0) {
      refuseIfFailed();
      return null;
    }
    Taker taker = borrow();
    taker.entered(granted);
    try {
      BatchLease lease = leased(taker, leaseNanos(leaseTime), false);
      return lease == null ? null : new FrameLease(lease);
    } finally {
      giveBack(taker);
    }
  }

  static long leaseNanos(Duration time) {
    if (time.compareTo(SHORTEST_LEASE) < 0 || time.compareTo(RetryPolicy.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a lease must be from "
              + SHORTEST_LEASE.toMillis()
              + " ms to "
              + RetryPolicy.LONGEST.toDays()
              + " days, found "
              + time);
    }
    return time.toNanos();
  }

  private Lease<T> take(int max, long waitNanos, long leaseNanos) throws InterruptedException {
    long deadline = Ticks.now() + waitNanos;
    while (true) {
      // Looked at first: what is loaded while this take finds nothing is there for the next look.
      boolean loading = desk.isBehind();
      int granted = desk.enter(max);
      if (granted == 0) {
        refuseIfFailed();
        granted = desk.enterLater(max, this::isOver, deadline - Ticks.now());
      }
      PulledLease<T> lease = granted == 0 ? null : taken(granted, leaseNanos);
      if (lease != null && !lease.isEmpty()) {
        return lease;
      }
      long left = deadline - Ticks.now() + (loading && granted > 0 ? LOADING_NANOS : 0);
      if (left <= 0 || desk.isClosing()) {
        return nothing();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      await(left, loading);
    }
  }

  /** Whether nobody gets jobs any more. */
  private boolean isOver() {
    return desk.isClosing() || desk.ledger.failure() != null;
  }

  private void refuseIfFailed() {
    Throwable failure = desk.ledger.failure();
    if (failure != null) {
      throw new BobbinException(
          "queue " + queue + " has stopped: " + failure + ". Reopen it to recover", failure);
    }
  }

  /** With {@code loading} also until nothing more is loaded. */
  private void await(long nanos, boolean loading) {
    if (desk.hasWork()) {
      LockSupport.parkNanos(this, Math.min(nanos, UNREADY_NANOS));
    } else {
      desk.doorbell.awaitWork(
          () -> desk.hasWork() || isOver() || (loading && !desk.isBehind()), nanos);
    }
  }

  /** Takes at most {@code granted} jobs that are there; null if there are none. */
  private @Nullable PulledLease<T> taken(int granted, long leaseNanos) {
    Taker taker = borrow();
    taker.entered(granted);
    BatchLease lease;
    try {
      lease = leased(taker, leaseNanos, true);
    } finally {
      giveBack(taker);
    }
    if (lease == null) {
      return null;
    }
    // The lease runs from here on, so a codec that does not return keeps no job for longer.
    JobBatch<T> view = newView(lease.jobs().size());
    view.load(lease.jobs());
    lease.settleUnfit(view.unfit());
    return new PulledLease<>(lease, view, leaseNanos);
  }

  private @Nullable BatchLease leased(Taker taker, long leaseNanos, boolean recorded) {
    if (!desk.settling().enter()) {
      taker.leave();
      return null;
    }
    try {
      if (!taker.take()) {
        return null;
      }
      Delivery loaded = taker.loaded();
      Delivery batch = loaded == null ? taker.copied() : loaded;
      BatchLease lease = new BatchLease(desk, batch, loaded != null, taker.lane(), leaseNanos);
      // The lease counts its jobs; of a batch in the ring, the padding was counted too.
      desk.allowance.adjust(batch.bytesUsed() - taker.bytes());
      taker.forget();
      lease.begin(recorded);
      return lease;
    } finally {
      if (taker.hasBatch()) {
        taker.handBack();
      }
      desk.settling().exit();
    }
  }

  private PulledLease<T> nothing() {
    return new PulledLease<>(
        new BatchLease(desk, new Delivery(0, 0), false, Lane.DUE, 0), newView(0), 0);
  }

  private JobBatch<T> newView(int jobs) {
    return new JobBatch<>(origin, codec, expiry, null, jobs);
  }

  private Taker borrow() {
    Taker taker = takers.poll();
    if (taker == null) {
      return new Taker(desk, MAX_JOBS);
    }
    kept.decrementAndGet();
    return taker;
  }

  private void giveBack(Taker taker) {
    if (kept.incrementAndGet() <= MAX_KEPT) {
      takers.add(taker);
    } else {
      kept.decrementAndGet();
      taker.close();
    }
  }
}
