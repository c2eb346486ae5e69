package dev.bobbin.testkit;

import java.time.Duration;
import java.util.EnumMap;

/**
 * What is to go wrong with which operation of a {@link TestDisk}. Guarded by the disk's monitor.
 */
final class Faults {
  private final EnumMap<DiskOperation, Plan> plans = new EnumMap<>(DiskOperation.class);

  /** For one kind of operation. */
  private static final class Plan {
    private long done;
    private long failAt;
    private long failUntil;
    private long stallNanos;
    private boolean held;
    private int waiting;
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
    if (nth < 1) {
      throw new IllegalArgumentException("the first operation from now on is 1, found " + nth);
    }
    Plan plan = plan(operation);
    plan.failAt = plan.done + nth;
    plan.failUntil = Math.max(plan.failAt, plan.failAt + more);
  }

  void stall(DiskOperation operation, Duration time) {
    plan(operation).stallNanos = time.toNanos();
  }

  void hold(DiskOperation operation) {
    plan(operation).held = true;
  }

  /** The disk works again; what it has done stays counted. */
  void heal() {
    for (Plan plan : plans.values()) {
      plan.failAt = 0;
      plan.failUntil = 0;
      plan.stallNanos = 0;
      plan.held = false;
    }
  }

  long done(DiskOperation operation) {
    return plan(operation).done;
  }

  boolean hasWaiting(DiskOperation operation) {
    return plan(operation).waiting > 0;
  }

  void waits(DiskOperation operation, int change) {
    plan(operation).waiting += change;
  }

  /** Counts an operation; returns whether it fails. */
  boolean next(DiskOperation operation) {
    Plan plan = plan(operation);
    plan.done++;
    return plan.failAt > 0 && plan.done >= plan.failAt && plan.done <= plan.failUntil;
  }

  boolean isHeld(DiskOperation operation) {
    return plan(operation).held;
  }

  long stallNanos(DiskOperation operation) {
    return plan(operation).stallNanos;
  }
}
