package dev.bobbin.internal.work;

import dev.bobbin.internal.time.Time;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Interrupts a call of the handler that takes too long, and nothing else: when {@link #end} has
 * returned, no interrupt of this guard is on its way, and none is left set. The worker and the
 * timing thread agree by one compare-and-set for each call; only workers with a time-out pay it.
 *
 * <pre>
 *            begin               end
 *     NONE ---------> RUNNING ----------> NONE
 *                        | check
 *                        v
 *                   INTERRUPTING ----> INTERRUPTED     end() waits for this, clears the flag
 * </pre>
 */
final class CallGuard {
  private static final int NONE = 0;
  private static final int RUNNING = 1;
  private static final int INTERRUPTING = 2;
  private static final int INTERRUPTED = 3;
  private static final int PHASES = 3;
  private static final int CALL = 4;

  private static final VarHandle STATE;
  private static final VarHandle SINCE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(CallGuard.class, "state", long.class);
      SINCE = lookup.findVarHandle(CallGuard.class, "since", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Time time;
  private final long timeoutNanos;

  /** Number of the call and phase. */
  private volatile long state;

  @SuppressWarnings("UnusedVariable") // through SINCE
  private long since;

  /** The worker's own: number of the call, in the state's upper bits. */
  private long call;

  CallGuard(Time time, long timeoutNanos) {
    this.time = time;
    this.timeoutNanos = timeoutNanos;
  }

  void begin() {
    call += CALL;
    SINCE.setRelease(this, time.nanos());
    STATE.setRelease(this, call | RUNNING);
  }

  /** Ends the call; returns whether it was interrupted for its time. */
  boolean end() {
    if (STATE.compareAndSet(this, call | RUNNING, call | NONE)) {
      return false;
    }
    while (((int) state & PHASES) == INTERRUPTING) {
      // The timing thread is between two instructions; it may want this processor.
      LockSupport.parkNanos(this, 1_000);
    }
    Thread.interrupted();
    state = call | NONE;
    return true;
  }

  /** What is said of a call that was interrupted and then threw {@code error}. */
  String describe(Throwable error) {
    return "timed out after " + timeoutNanos / 1_000_000 + " ms: " + Unacked.describe(error);
  }

  /**
   * Interrupts {@code worker} if its call has taken too long; returns when to look again while the
   * worker has a batch. On the timing thread.
   */
  long check(long now, Thread worker) {
    long seen = state;
    if (((int) seen & PHASES) != RUNNING) {
      return now + timeoutNanos;
    }
    long deadline = (long) SINCE.getAcquire(this) + timeoutNanos;
    if (deadline > now) {
      return deadline;
    }
    if (STATE.compareAndSet(this, seen, (seen & ~PHASES) | INTERRUPTING)) {
      try {
        worker.interrupt();
      } finally {
        state = (seen & ~PHASES) | INTERRUPTED;
      }
    }
    return now + timeoutNanos;
  }
}
