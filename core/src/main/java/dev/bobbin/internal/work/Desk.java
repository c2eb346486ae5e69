package dev.bobbin.internal.work;

import dev.bobbin.Priority;
import dev.bobbin.RetryPolicy;
import dev.bobbin.internal.ring.Cursor;
import dev.bobbin.internal.ring.Doorbell;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Window;
import org.jspecify.annotations.Nullable;

/** What all workers of a queue share: where jobs come from and where outcomes go. Thread-safe. */
public final class Desk {
  /** Loaded batches that wait for a worker at most. */
  public static final int MAX_LOADED = 16;

  /** Most bytes of a batch, so that it stays in the processor's cache. */
  private static final int MAX_BATCH_BYTES = 128 << 10;

  final Ring ring;
  final Window window;
  final Doorbell doorbell;
  final RetryPolicy retry;
  final Ledger ledger;
  private final int frameBytes;
  private final Turnstile turnstile = new Turnstile();

  private final Lanes lanes = new Lanes(MAX_LOADED);
  private final Cursor inHandBytes = new Cursor(0);

  /**
   * @param frameBytes the largest frame, which a worker sets aside before it knows what it gets
   */
  public Desk(
      Ring ring,
      Window window,
      Doorbell doorbell,
      RetryPolicy retry,
      Ledger ledger,
      int frameBytes) {
    this.ring = ring;
    this.window = window;
    this.doorbell = doorbell;
    this.retry = retry;
    this.ledger = ledger;
    this.frameBytes = frameBytes;
  }

  /** Where workers pass before they take a batch. */
  public Turnstile turnstile() {
    return turnstile;
  }

  /** What the queue is told about jobs' lives; called by workers. */
  public interface Ledger {
    /** Jobs in hand were acked. */
    void acked(int jobs);

    /** Finished ranges were reported: an idle flush cycle has to look again. */
    void reported();

    /** Bytes of unfinished jobs that are kept outside the ring came or went. */
    void outside(long bytes);

    /** A job in hand was put off to {@code dueMillis}; its copy is at {@code position}. */
    void delayed(Priority priority, long dueMillis, long position, boolean snoozed);

    /**
     * The job {@code id} in hand was set aside; its copy of {@code bytes} is at {@code position}.
     */
    void dead(long position, long id, int bytes);

    /** A job is about to be set aside because its time to live is over. */
    void expired();

    /** A loaded batch was taken: there is room for another. */
    void loadedTaken();

    /** The queue cannot go on; called when a worker met what it cannot handle. */
    void failed(Throwable cause);

    /** Why the queue cannot go on, or null. */
    @Nullable Throwable failure();

    long nowMillis();

    /** Asks the flush cycle to write what keeps space from being used again. */
    void hurry();
  }

  /** Hands a loaded batch to the workers; the caller has seen that there is room. */
  public void offer(Lane lane, Delivery delivery) {
    lanes.add(lane, delivery);
    doorbell.wakeWorker();
  }

  /** Hands jobs that a worker or a puller held to the others, before those that wait already. */
  public void putBack(Lane lane, Delivery delivery) {
    lanes.putBack(lane, delivery);
    doorbell.wakeWorker();
  }

  /** Whether a loaded batch can be offered. */
  public boolean hasRoom(Lane lane) {
    return lanes.hasRoom(lane);
  }

  /** Takes a loaded batch, or as much of it as the worker may have; null if there is none. */
  @Nullable Delivery pollLoaded(@Nullable Lane lane, int maxJobs) {
    if (lane == null || !mayTakeLoaded()) {
      return null;
    }
    Delivery taken = lanes.poll(lane, maxJobs, batchBytes());
    if (taken != null) {
      if (!lanes.isEmpty()) {
        doorbell.wakeAnother();
      }
      ledger.loadedTaken();
    }
    return taken;
  }

  boolean hasLoaded() {
    return !lanes.isEmpty();
  }

  Lanes lanes() {
    return lanes;
  }

  /** Jobs in loaded batches. */
  public long loadedJobs() {
    return lanes.jobs();
  }

  /**
   * Sets bytes aside for a batch, so that all batches in hand can be retried from the ring's
   * reserve (invariant 8); the caller corrects them by {@link #adjust} when it knows. False if too
   * much is in hand.
   */
  boolean reserve() {
    int bytes = reservedBytes();
    if (inHandBytes.getAndAdd(bytes) + bytes <= window.inHandBytes()) {
      return true;
    }
    inHandBytes.getAndAdd(-bytes);
    return false;
  }

  /** Most bytes of a batch, but for its last job. */
  public int batchBytes() {
    return Math.min(MAX_BATCH_BYTES, window.inHandBytes() / 8);
  }

  void adjust(long bytes) {
    inHandBytes.getAndAdd(bytes);
  }

  int reservedBytes() {
    return frameBytes + batchBytes();
  }

  /**
   * Whether loaded jobs may be taken before those in the ring. Not while retries fill the reserve:
   * then only jobs from the ring make room for more.
   */
  private boolean mayTakeLoaded() {
    return ring.tail() - ring.head() <= ring.capacity() / 4 * 3L;
  }
}
