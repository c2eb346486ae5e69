package dev.bobbin.internal.local;

import dev.bobbin.Refusal;
import dev.bobbin.internal.work.Delay;
import dev.bobbin.internal.work.WorkerGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * How a queue's work is paused, drained and ended. Closing has four parts, each for all queues of a
 * Bobbin before the next: {@link #begin}, {@link #awaitWork}, {@link #awaitInterrupted} if the time
 * was not enough, and {@link #end}. Any number of threads may go through them together; the last
 * part is done by one, and the others wait for it.
 */
final class LifeCycle {
  /** How long handlers get to return after they were interrupted. */
  static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A wait without a bound. */
  static final long FOREVER = Long.MAX_VALUE;

  private final QueueCore core;

  /** What makes everything durable and lets the queue go. */
  private final Runnable shutDown;

  // Guarded by the list.
  private final List<WorkerGroup> groups = new ArrayList<>();
  private boolean closing;

  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Guarded by the list: somebody is at the last part. */
  private boolean ending;

  LifeCycle(QueueCore core, Runnable shutDown) {
    this.core = core;
    this.shutDown = shutDown;
  }

  WorkerGroup start(WorkerGroup group) {
    boolean late;
    synchronized (groups) {
      late = closing;
      if (!late) {
        groups.add(group);
      }
    }
    if (late) {
      group.stop();
      throw new IllegalStateException("queue " + core.name + " is closed");
    }
    // Outside the lock, because threads may be of the user's making. If the queue closes meanwhile,
    // they end before they begin.
    group.launch(this::forget);
    return group;
  }

  private void forget(WorkerGroup group) {
    synchronized (groups) {
      groups.remove(group);
    }
  }

  private List<WorkerGroup> groups() {
    synchronized (groups) {
      return List.copyOf(groups);
    }
  }

  /** Groups that have not ended. */
  int groupCount() {
    return groups().size();
  }

  private boolean isClosing() {
    synchronized (groups) {
      return closing;
    }
  }

  // While it is open.

  void pause() {
    core.desk.pause(true);
  }

  void resume() {
    core.admission.reopen(Refusal.DRAINING);
    core.desk.pause(false);
  }

  boolean drain(Duration timeout) {
    long nanos = Delay.nanos(timeout);
    core.admission.close(
        Refusal.DRAINING, "queue " + core.name + " is drained until resume() is called", null);
    return awaitIdle(nanos);
  }

  boolean awaitIdle(Duration timeout) {
    return awaitIdle(Delay.nanos(timeout));
  }

  private boolean awaitIdle(long nanos) {
    try {
      return !isOver() && core.idleness.await(this::isOver, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isOver() {
    return isClosing() || core.failure() != null;
  }

  // The end.

  /** Throws if the caller is one of this queue's workers. */
  void refuseOnWorker() {
    if (groups().stream().anyMatch(WorkerGroup::isOnWorker)) {
      throw new IllegalStateException(
          "close waits for the handlers, so a handler cannot call it: call Workers.stop instead");
    }
  }

  /** Lets no job in and hands none out from now on. */
  void begin() {
    synchronized (groups) {
      closing = true;
    }
    core.admission.close(Refusal.CLOSED, "queue " + core.name + " is closed", null);
    core.desk.close();
    core.idleness.wakeAll();
    groups().forEach(WorkerGroup::stop);
  }

  /**
   * Waits until no handler runs, and with a bound also until no lease is left, at most until {@code
   * deadline} as {@link System#nanoTime}; returns whether that is so.
   */
  boolean awaitWork(long deadline) {
    boolean done = awaitWorkers(deadline);
    return done && (deadline == FOREVER || core.desk.awaitLeases(left(deadline)));
  }

  private boolean awaitWorkers(long deadline) {
    boolean done = true;
    for (WorkerGroup group : groups()) {
      done &= group.awaitEnd(deadline == FOREVER ? FOREVER : left(deadline));
    }
    return done;
  }

  private static long left(long deadline) {
    return Math.max(0, deadline - System.nanoTime());
  }

  /** The time is over: interrupts the handlers that still run. */
  void interrupt() {
    core.desk.abandon();
    groups().forEach(WorkerGroup::interrupt);
  }

  /** Waits for those that heed it, until {@code deadline}, and leaves the others alone. */
  void awaitInterrupted(long deadline) {
    awaitWorkers(deadline);
    do {
      // More than once for a worker that was about to begin a batch.
      groups().forEach(WorkerGroup::abandon);
    } while (!awaitWorkers(System.nanoTime() + GRACE_NANOS));
  }

  /** Makes everything durable and lets the queue go, once; waits if another thread does. */
  void end() {
    boolean first;
    synchronized (groups) {
      first = !ending;
      ending = true;
    }
    if (!first) {
      awaitEnd();
      return;
    }
    try {
      core.desk.endLeases();
      shutDown.run();
      ended.complete(null);
    } catch (Throwable e) {
      ended.completeExceptionally(e);
      throw e;
    }
  }

  private void awaitEnd() {
    try {
      ended.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /**
   * Goes through all parts for {@code lives} together, waiting at most {@code nanos} for handlers
   * and leases. Throws the first failure when all are done.
   */
  static void close(List<LifeCycle> lives, long nanos) {
    lives.forEach(LifeCycle::refuseOnWorker);
    lives.forEach(LifeCycle::begin);
    long deadline = nanos == FOREVER ? FOREVER : System.nanoTime() + nanos;
    List<LifeCycle> busy = lives.stream().filter(life -> !life.awaitWork(deadline)).toList();
    busy.forEach(LifeCycle::interrupt);
    long grace = System.nanoTime() + GRACE_NANOS;
    busy.forEach(life -> life.awaitInterrupted(grace));
    RuntimeException first = null;
    for (LifeCycle life : lives) {
      try {
        life.end();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
