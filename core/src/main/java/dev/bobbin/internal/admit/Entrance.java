package dev.bobbin.internal.admit;

import dev.bobbin.RefusedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs in that are kept elsewhere, where no ring says when there is room again: who waits
 * looks again every few milliseconds. Invariant 9: the wait is bounded. Thread-safe.
 */
public final class Entrance {
  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Admission admission;
  private final KeyedAdmission keyed;

  public Entrance(Admission admission, KeyedAdmission keyed) {
    this.admission = admission;
    this.keyed = keyed;
  }

  /** What a job needs. */
  public interface Room {
    /** What is missing now; or null, and then the job has its room. */
    @Nullable RefusedException lack();
  }

  /** What puts a job where it is kept. */
  public interface Addition {
    /** Adds it, and returns its number. */
    long add();
  }

  /**
   * Adds a job once {@code room} lacks nothing, waiting at most {@code waitNanos}; with a {@code
   * key} that is known, nothing is added.
   *
   * @throws RefusedException with the reason
   */
  public KeyedAdmission.Admitted admit(
      @Nullable String key, Room room, long waitNanos, Addition addition) {
    long left = waitNanos;
    try {
      while (true) {
        admission.refuseIfClosed();
        long known = key == null ? -1 : keyed.find(key);
        if (known >= 0) {
          return new KeyedAdmission.Admitted(known, true);
        }
        RefusedException lack = room.lack();
        if (lack == null) {
          return key == null
              ? new KeyedAdmission.Admitted(addition.add(), false)
              : keyed.admit(key, addition);
        }
        left = await(lack, left);
      }
    } catch (RefusedException e) {
      throw admission.counted(e);
    }
  }

  /** Waits a moment, if there is time left for it; returns how much is left then. */
  private long await(RefusedException lack, long leftNanos) {
    if (leftNanos <= 0) {
      throw lack;
    }
    long began = System.nanoTime();
    admission.waits().begin();
    try {
      LockSupport.parkNanos(this, Math.min(leftNanos, MOMENT_NANOS));
    } finally {
      admission.waits().end();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new RefusedException(
          lack.refusal(),
          lack.detail() + "; interrupted while waiting",
          new InterruptedException(),
          0);
    }
    return leftNanos - (System.nanoTime() - began);
  }
}
