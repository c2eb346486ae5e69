package dev.bobbin.torture.disk;

import dev.bobbin.testkit.DiskError;
import dev.bobbin.testkit.DiskOperation;
import dev.bobbin.testkit.TestDisk;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes wrong in one run.
 *
 * @param nth the operation that fails, counted from 1
 * @param operation what kind it is
 * @param nthOfKind the how manieth of its kind it is
 */
record Disturbance(
    DiskError error, Extent extent, long nth, DiskOperation operation, long nthOfKind) {
  /** How long it lasts. */
  enum Extent {
    ONCE,
    /** All operations of the same kind from then on. */
    KIND,
    /** All operations from then on. */
    ALL
  }

  /** What can go wrong at an operation. */
  static List<Disturbance> at(long nth, DiskOperation operation, long nthOfKind) {
    List<Disturbance> all = new ArrayList<>();
    for (DiskError error : DiskError.values()) {
      if (happens(error, operation)) {
        for (Extent extent : Extent.values()) {
          all.add(new Disturbance(error, extent, nth, operation, nthOfKind));
        }
      }
    }
    return all;
  }

  private static boolean happens(DiskError error, DiskOperation operation) {
    return switch (error) {
      case IO -> true;
      case NO_SPACE ->
          switch (operation) {
            case CREATE, WRITE, FORCE, DELETE -> true;
            default -> false;
          };
      case TOO_MANY_FILES ->
          switch (operation) {
            case LIST, OPEN, CREATE, DELETE -> true;
            default -> false;
          };
    };
  }

  /** Whether the disk is just full, as {@link TestDisk#fill} has it. */
  boolean isFullDisk() {
    return error == DiskError.NO_SPACE && operation == DiskOperation.CREATE && extent != Extent.ALL;
  }

  void apply(TestDisk disk) {
    disk.failWith(error);
    switch (extent) {
      case ONCE -> disk.failNth(operation, nthOfKind);
      case KIND -> disk.failFrom(operation, nthOfKind);
      case ALL -> disk.failFrom(nth);
    }
  }
}
