package dev.bobbin.internal.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes those who wait for jobs: parked workers, and the I/O thread of a queue that was idle. A
 * producer pays one read of a field that hardly ever changes.
 *
 * <p>No wake-up is lost: a producer advances the ring's tail (a compare-and-set) and then reads
 * {@link #waiting}; a waiter sets its bit and then reads the tail, all with volatile strength. One
 * of the two sees the other. So a waiter that finds the tail ahead of what it has seen does not
 * park, even if the frame there is not yet published.
 */
public final class Doorbell {
  private static final int WORKERS = 1;
  private static final int IO = 2;

  private static final VarHandle WAITING;

  static {
    try {
      WAITING = MethodHandles.lookup().findVarHandle(Doorbell.class, "waiting", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable wakeIo;
  private final ArrayDeque<Sleeper> sleepers = new ArrayDeque<>();
  private volatile int waiting;
  private volatile int sleeping;

  /** {@code wakeIo} is run by the producer that ends the queue's idleness. */
  public Doorbell(Runnable wakeIo) {
    this.wakeIo = wakeIo;
  }

  /** A parked worker. */
  private static final class Sleeper {
    final Thread thread = Thread.currentThread();
    volatile boolean woken;
  }

  /** After every publication: wakes one worker, and the I/O thread, if they wait. */
  void ring() {
    if (waiting != 0) {
      wake();
    }
  }

  private void wake() {
    // Before the bit is cleared: a producer that finds it clear relies on the queue being looked
    // after.
    if ((waiting & IO) != 0) {
      wakeIo.run();
    }
    int before = (int) WAITING.getAndBitwiseAnd(this, 0);
    if ((before & IO) != 0) {
      wakeIo.run();
    }
    if ((before & WORKERS) != 0) {
      wakeWorker();
    }
  }

  /** Wakes one parked worker, if there is one; that one wakes the next if there is more to do. */
  public void wakeWorker() {
    Sleeper sleeper;
    synchronized (sleepers) {
      sleeper = sleepers.poll();
      sleeping = sleepers.size();
    }
    if (sleeper != null) {
      sleeper.woken = true;
      LockSupport.unpark(sleeper.thread);
    }
  }

  /**
   * Passes a wake-up on: called by a worker that has taken a batch and left more behind. Without
   * it, jobs that came while the bit was clear would wait for a worker that is busy.
   */
  public void wakeAnother() {
    if (sleeping > 0) {
      wakeWorker();
    }
  }

  /** Wakes every parked worker, to see that the queue closes. */
  public void wakeAllWorkers() {
    synchronized (sleepers) {
      for (Sleeper sleeper : sleepers) {
        sleeper.woken = true;
        LockSupport.unpark(sleeper.thread);
      }
      sleepers.clear();
      sleeping = 0;
    }
  }

  /** What a waiter checks between announcing itself and parking. */
  public interface Condition {
    boolean holds();
  }

  /**
   * Parks the calling worker until it is woken, unless {@code ready} holds once its announcement is
   * visible. An interrupt ends the wait too and stays set.
   */
  public void awaitWork(Condition ready) {
    awaitWork(ready, Long.MAX_VALUE);
  }

  /** As {@link #awaitWork(Condition)}, for {@code nanos} at most. */
  public void awaitWork(Condition ready, long nanos) {
    long began = System.nanoTime();
    Sleeper sleeper = new Sleeper();
    synchronized (sleepers) {
      sleepers.add(sleeper);
      sleeping = sleepers.size();
    }
    WAITING.getAndBitwiseOr(this, WORKERS);
    if (!ready.holds()) {
      long left = nanos;
      while (!sleeper.woken && left > 0 && !Thread.currentThread().isInterrupted()) {
        if (nanos == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, left);
          left = nanos - (System.nanoTime() - began);
        }
      }
    }
    synchronized (sleepers) {
      sleepers.remove(sleeper);
      sleeping = sleepers.size();
      if (!sleepers.isEmpty()) {
        // The bit was cleared by whoever woke this worker; those that still sleep need it again.
        WAITING.getAndBitwiseOr(this, WORKERS);
      }
    }
  }

  /** Whether the I/O thread waits to be woken for this queue. */
  public boolean ioIsWaiting() {
    return (waiting & IO) != 0;
  }

  /** The I/O thread announces that it will look at this queue no more until it is woken. */
  public void ioWaits() {
    WAITING.getAndBitwiseOr(this, IO);
  }
}
