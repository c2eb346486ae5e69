package dev.bobbin.testkit;

import java.time.Duration;
import java.util.EnumMap;

/**
 * What is to go wrong with which operation of a {@link TestDisk}. Guarded by the disk's monitor.
 */
final class Faults {
  private final EnumMap<DiskOperation, Plan> plans = new EnumMap<>(DiskOperation.class);

  /** For all operations together. */
  private final Plan any = new Plan();

  /** What failing operations fail with. */
  DiskError error = DiskError.IO;

  /** For one kind of operation. */
  private static final class Plan {
    private long done;
    private long failAt;
    private long failUntil;
    private long stallNanos;
    private boolean held;
    private int waiting;

    void fail(long nth, long more) {
      if (nth < 1) {
        throw new IllegalArgumentException("the first operation from now on is 1, found " + nth);
      }
      failAt = done + nth;
      failUntil = Math.max(failAt, failAt + more);
    }

    boolean next() {
      done++;
      return failAt > 0 && done >= failAt && done <= failUntil;
    }

    void heal() {
      failAt = 0;
      failUntil = 0;
      stallNanos = 0;
      held = false;
    }
  }

  Faults() {
    for (DiskOperation operation : DiskOperation.values()) {
      plans.put(operation, new Plan());
    }
  }

  private Plan plan(DiskOperation operation) {
    return java.util.Objects.requireNonNull(plans.get(operation), "operation");
  }

  /** The {@code nth} from now on fails, and those after it up to {@code more} of them. */
  void fail(DiskOperation operation, long nth, long more) {
    plan(operation).fail(nth, more);
  }

  /** As {@link #fail(DiskOperation, long, long)}, whatever the operation is. */
  void failAny(long nth, long more) {
    any.fail(nth, more);
  }

  void stall(DiskOperation operation, Duration time) {
    plan(operation).stallNanos = time.toNanos();
  }

  void hold(DiskOperation operation) {
    plan(operation).held = true;
  }

  /** The disk works again; what it has done stays counted. */
  void heal() {
    plans.values().forEach(Plan::heal);
    any.heal();
    error = DiskError.IO;
  }

  long done(DiskOperation operation) {
    return plan(operation).done;
  }

  /** Operations of any kind. */
  long done() {
    return any.done;
  }

  boolean hasWaiting(DiskOperation operation) {
    return plan(operation).waiting > 0;
  }

  void waits(DiskOperation operation, int change) {
    plan(operation).waiting += change;
  }

  /** Counts an operation; returns whether it fails. */
  boolean next(DiskOperation operation) {
    boolean fails = any.next();
    return plan(operation).next() || fails;
  }

  boolean isHeld(DiskOperation operation) {
    return plan(operation).held;
  }

  long stallNanos(DiskOperation operation) {
    return plan(operation).stallNanos;
  }
}
