package dev.bobbin.internal.work;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which workers of a group are there, and whether they are to go. Thread-safe. */
final class Attendance {
  // Guarded by this object's monitor. Workers have no equals of their own.
  private final Set<Worker> present = new HashSet<>();

  /** Workers that wait for the others to go, and so do not go themselves. */
  private final Set<Worker> waiting = new HashSet<>();

  private boolean open;

  /** Written with the monitor, read by workers without it. */
  private volatile boolean stopping;

  /** Waits until the group is launched; false if the worker is to end at once. */
  synchronized boolean enter(Worker worker) {
    while (!open && !stopping) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Not even begun: there is nothing that an interrupt could end.
      }
    }
    return !stopping && present.add(worker);
  }

  /** Workers may begin. */
  synchronized void open() {
    open = true;
    notifyAll();
  }

  boolean isStopping() {
    return stopping;
  }

  /** Nobody begins a batch from now on; true if all have gone. */
  synchronized boolean stop() {
    stopping = true;
    notifyAll();
    return present.isEmpty();
  }

  /** True if all have gone and none will come. */
  synchronized boolean exit(Worker worker) {
    present.remove(worker);
    notifyAll();
    return stopping && present.isEmpty();
  }

  /** A worker has got stuck: nobody waits for it any more. */
  synchronized void changed() {
    notifyAll();
  }

  /** Waits until the group is stopped, at most {@code nanos}; an interrupt ends the wait. */
  synchronized void awaitStop(long nanos) {
    long deadline = Ticks.now() + nanos;
    try {
      while (!stopping && deadline > Ticks.now()) {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - Ticks.now());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until all workers have gone but those that are stuck and those that wait here themselves,
   * of which the caller is one if {@code self} is given; at most {@code nanos}. Returns whether
   * that is so.
   */
  synchronized boolean awaitExit(@Nullable Worker self, long nanos) throws InterruptedException {
    long deadline = nanos == Ticks.NEVER ? nanos : Ticks.now() + nanos;
    if (self != null) {
      waiting.add(self);
      notifyAll();
    }
    try {
      while (present.stream().anyMatch(this::isAwaited)) {
        if (deadline == Ticks.NEVER) {
          wait();
        } else if (deadline <= Ticks.now()) {
          return false;
        } else {
          TimeUnit.NANOSECONDS.timedWait(this, deadline - Ticks.now());
        }
      }
      return true;
    } finally {
      if (self != null) {
        waiting.remove(self);
      }
    }
  }

  private boolean isAwaited(Worker worker) {
    return !worker.hold.isStuck() && !waiting.contains(worker);
  }
}
