package dev.bobbin.internal.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker's lease on the batch in its hands. Invariant 6 is kept here: one compare-and-set decides
 * whether the worker settles the batch or whoever takes it away.
 *
 * <pre>
 *            begin            end
 *     IDLE --------> HELD ----------> IDLE         the worker settles the batch
 *                     |
 *          takeAway   |            the worker's end() waits for LOST, settles nothing,
 *                     v            and goes on to IDLE
 *                  TAKING --------> LOST
 *                         taken
 * </pre>
 *
 * <p>The state carries the number of the batch, so that nobody takes away a later batch than the
 * one he looked at. While it is TAKING, the batch belongs to the taker, as it was published by
 * {@link #begin} and {@link #progress}.
 */
final class Hold {
  private static final int IDLE = 0;
  private static final int HELD = 1;
  private static final int TAKING = 2;
  private static final int LOST = 3;
  private static final int PHASES = 3;
  private static final int TURN = 4;

  private static final int LEASE_ENDED = 1;
  private static final int SHUT_DOWN = 2;

  /** Progress of a batch that was not decoded yet. */
  static final int NOT_LOADED = -1;

  private static final VarHandle STATE;
  private static final VarHandle SINCE;
  private static final VarHandle PROGRESS;
  private static final VarHandle URGENT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Hold.class, "state", long.class);
      SINCE = lookup.findVarHandle(Hold.class, "since", long.class);
      PROGRESS = lookup.findVarHandle(Hold.class, "progress", int.class);
      URGENT = lookup.findVarHandle(Hold.class, "urgent", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Number of the batch and phase. */
  private volatile long state;

  @SuppressWarnings("UnusedVariable") // through SINCE
  private long since;

  @SuppressWarnings("UnusedVariable") // through PROGRESS
  private int progress;

  @SuppressWarnings("UnusedVariable") // through URGENT
  private int urgent;

  /** The worker's own: number of the batch in hand, in the state's upper bits. */
  private long turn;

  /** The worker's thread; set when it begins. */
  private volatile @Nullable Thread thread;

  void runBy(@Nullable Thread worker) {
    thread = worker;
  }

  @Nullable Thread thread() {
    return thread;
  }

  // The worker's side.

  /**
   * The batch is in hand. Volatile, so that the look at {@code WorkerGroup.watched} is after it.
   */
  void begin(long now) {
    turn += TURN;
    PROGRESS.setOpaque(this, NOT_LOADED);
    if (((int) URGENT.getOpaque(this) & LEASE_ENDED) != 0) {
      URGENT.getAndBitwiseAnd(this, ~LEASE_ENDED);
    }
    SINCE.setRelease(this, now);
    STATE.setVolatile(this, turn | HELD);
  }

  /** The batch can be looked at: none of its jobs is done. */
  void loaded() {
    PROGRESS.setRelease(this, 0);
  }

  /**
   * So many jobs are done. Opaque, once a job: what a taker must see of a job that failed is put
   * before it by a fence.
   */
  void progress(int jobs) {
    PROGRESS.setOpaque(this, jobs);
  }

  /** Whether no further job of the batch is to be begun. */
  boolean isUrgent() {
    return (int) URGENT.getOpaque(this) != 0;
  }

  /** Whether the worker was interrupted because the queue closes. */
  boolean isShutDown() {
    return ((int) URGENT.getVolatile(this) & SHUT_DOWN) != 0;
  }

  /** Whether the lease on the batch in hand has ended. */
  boolean isLost() {
    return ((int) state & PHASES) > HELD;
  }

  /**
   * The worker is done with the batch. True if it may settle it; false if the batch was taken away:
   * then the taker is done with it, too.
   */
  boolean end() {
    if (STATE.compareAndSet(this, turn | HELD, turn | IDLE)) {
      return true;
    }
    boolean interrupted = false;
    while (((int) state & PHASES) == TAKING) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    state = turn | IDLE;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** How many jobs are done, {@link #NOT_LOADED} if the batch cannot be looked at. */
  int progress() {
    return (int) PROGRESS.getAcquire(this);
  }

  // The others' side.

  /** The batch in hand, as something to compare with; 0 if there is none. */
  long held() {
    long now = state;
    return ((int) now & PHASES) == HELD ? now : 0;
  }

  /** When the batch in hand was taken. */
  long since() {
    return (long) SINCE.getAcquire(this);
  }

  /** Takes the batch {@code held} away from the worker; then {@link #taken} must follow. */
  boolean takeAway(long held) {
    return STATE.compareAndSet(this, held, (held & ~PHASES) | TAKING);
  }

  /** The taker is done. */
  void taken() {
    URGENT.getAndBitwiseOr(this, LEASE_ENDED);
    state = (state & ~PHASES) | LOST;
    LockSupport.unpark(thread);
  }

  /** Whether the worker's handler has not returned since its batch was taken away. */
  boolean isStuck() {
    return ((int) state & PHASES) == LOST;
  }

  /** No further job is begun, and what a handler throws from now on is no failure. */
  void shutDown() {
    URGENT.getAndBitwiseOr(this, SHUT_DOWN);
  }
}
