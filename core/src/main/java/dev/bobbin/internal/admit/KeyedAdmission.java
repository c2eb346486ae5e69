package dev.bobbin.internal.admit;

import dev.bobbin.Deduplication;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.time.Time;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets a job with a deduplication key in, unless the key is known. Jobs without a key never come
 * here.
 *
 * <p>Looking for the key, appending the job and making the key known are one step, under one lock:
 * of two threads with the same key one appends, and the other finds its job. Nobody waits for room
 * in that step: a job that does not fit leaves no key behind, waits as any other, and looks again
 * every few milliseconds. So a key is never held by a job that may yet be refused, and what a
 * second submit waits for is the copying of one frame.
 */
public final class KeyedAdmission {
  private final Admission admission;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final KeyWindow keys;

  public KeyedAdmission(Admission admission, Deduplication bounds, Time time) {
    this.admission = admission;
    this.time = time;
    this.keys = new KeyWindow(bounds);
  }

  /**
   * What became of a job.
   *
   * @param number of the job, or of the earlier one with the same key
   * @param duplicate whether there was one, so that this job was not added
   */
  public record Admitted(long number, boolean duplicate) {}

  /**
   * Appends the frame if no job has its key, waiting at most {@code waitNanos} for room.
   *
   * @throws RefusedException with the reason; a queue that takes nothing does not say what it has,
   *     either
   */
  public Admitted admit(String key, FrameWriter frame, Way way, long waitNanos) {
    long left = waitNanos;
    try {
      while (true) {
        Admitted admitted = tryAdmit(key, frame, way);
        if (admitted != null) {
          return admitted;
        }
        left = admission.awaitChance(frame, left);
      }
    } catch (RefusedException e) {
      throw admission.counted(e);
    }
  }

  /**
   * As {@link #admit(String, FrameWriter, Way, long)}, for a job that is kept elsewhere and for
   * which there is room. Adding it may wait for who keeps it, and others with keys wait as long.
   */
  Admitted admit(String key, Entrance.Addition addition) {
    lock.lock();
    try {
      long now = time.nanos();
      long known = keys.find(key, now);
      if (known >= 0) {
        return new Admitted(known, true);
      }
      long number = addition.add();
      keys.add(key, number, now, now);
      return new Admitted(number, false);
    } finally {
      lock.unlock();
    }
  }

  /** The number of the job with this key, or -1 if it is unknown. */
  long find(String key) {
    lock.lock();
    try {
      return keys.find(key, time.nanos());
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Admitted tryAdmit(String key, FrameWriter frame, Way way) {
    lock.lock();
    try {
      // Invariant 7: after an error nobody is told that an earlier job is safe.
      admission.refuseIfClosed();
      long now = time.nanos();
      long known = keys.find(key, now);
      if (known >= 0) {
        return new Admitted(known, true);
      }
      long position = admission.tryAdmit(frame, way);
      if (position == Ring.NO_ROOM) {
        return null;
      }
      keys.add(key, position, now, now);
      return new Admitted(position, false);
    } finally {
      lock.unlock();
    }
  }

  /** The key of an unfinished job that an earlier process left, submitted so long ago. */
  public void recovered(String key, long number, long ageNanos) {
    lock.lock();
    try {
      long now = time.nanos();
      keys.add(key, number, now - ageNanos, now);
    } finally {
      lock.unlock();
    }
  }
}
