package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Ring;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends the copies to the ring. This is where a retry goes: a copy of the job with the next
 * attempt and a due time, and only then the original is reported as finished. A crash in between
 * leaves both, and recovery keeps the newer one.
 *
 * <p>Invariant 8: the copy may use the ring's reserve, which is as large as all batches in hand
 * twice; as it is not longer than its original, it always fits once the flush cycle has written
 * what lies before. (A dead letter's reason may make it longer; it is left out when even the
 * reserve is short.)
 */
final class RingCopies implements Copies {
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long PATIENCE_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int PATIENCE_STEPS = 100;

  /**
   * With a journal flush cycles make room: so long at least, and until some have ended, however
   * late they are.
   */
  private static final int PATIENCE_STEPS_WITH_JOURNAL = 2_000;

  private static final int PATIENCE_CYCLES = 3;

  private final Desk desk;
  private final FrameWriter writer = new FrameWriter();
  private int patience;

  /** How many flush cycles must have ended before patience does; negative until it is needed. */
  private long patientCycles;

  RingCopies(Desk desk) {
    this.desk = desk;
  }

  @Override
  public void begin(boolean patiently) {
    if (patiently) {
      patience = desk.window.isJournaled() ? PATIENCE_STEPS_WITH_JOURNAL : PATIENCE_STEPS;
      patientCycles = -1;
    } else {
      patience = 0;
      patientCycles = 0;
    }
  }

  private boolean isPatient() {
    if (patientCycles < 0) {
      patientCycles = desk.window.isJournaled() ? desk.ledger.cycles() + PATIENCE_CYCLES : 0;
    }
    return patience-- > 0 || desk.ledger.cycles() < patientCycles;
  }

  @Override
  public boolean putOff(Unacked job, int attempt, long dueMillis, boolean snooze, boolean waits) {
    writer.again(job.bytes(), job.offset(), attempt, dueMillis);
    long position = append(waits);
    if (position == Ring.NO_ROOM) {
      return false;
    }
    desk.ledger.outside(writer.alignedLength());
    desk.ledger.putOff(snooze);
    desk.ledger.delayed(Frame.priority(job.bytes(), job.offset()), dueMillis, position);
    desk.window.finish(job.position(), job.end());
    return true;
  }

  @Override
  public boolean setAside(Unacked job, int attempts, String reason, boolean waits) {
    long now = desk.ledger.nowMillis();
    writer.dead(job.bytes(), job.offset(), attempts, reason, now);
    // A reason makes the frame longer than its original: it must not use up what retries and dead
    // letters without one rest on, or every worker would wait for room that only workers give back.
    long position = appendAmply();
    if (position == Ring.NO_ROOM) {
      writer.dead(job.bytes(), job.offset(), attempts, "", now);
      position = append(waits);
    }
    if (position == Ring.NO_ROOM) {
      return false;
    }
    desk.ledger.dead(position, Frame.id(job.bytes(), job.offset()), writer.alignedLength());
    desk.ledger.died();
    desk.window.finish(job.position(), job.end());
    return true;
  }

  /**
   * Appends a dead letter with its reason, waiting a moment for room, once for all of a batch.
   * Others may take the room that was seen: then it is waited for again.
   */
  private long appendAmply() {
    boolean patient = true;
    while (true) {
      if (desk.window.hasAmple(writer.alignedLength())) {
        long position = tryAppend();
        if (position != Ring.NO_ROOM) {
          return position;
        }
      }
      if (desk.isAbandoned() || !patient) {
        return Ring.NO_ROOM;
      }
      // Patience first, the last look second: what the cycles that it waited for have made room for
      // is seen, however long this thread was held up in between.
      patient = isPatient();
      if (patient) {
        // With a journal, the next cycle takes unread jobs out of the ring.
        desk.window.press();
        desk.ledger.hurry();
        LockSupport.parkNanos(this, PATIENCE_STEP_NANOS);
      }
    }
  }

  private long tryAppend() {
    long position = desk.ring.appendReserved(writer);
    if (position == Ring.NO_ROOM && desk.window.makeRoom(writer.alignedLength(), true)) {
      position = desk.ring.appendReserved(writer);
    }
    return position;
  }

  /**
   * Appends, and {@code waits} for the flush cycle to make room if it must. {@link Ring#NO_ROOM} if
   * it does not wait, or the wait ended because the queue failed or has no time left to close: the
   * original stays unfinished, so nothing is lost.
   */
  private long append(boolean waits) {
    boolean interrupted = false;
    try {
      while (true) {
        long position = tryAppend();
        if (position != Ring.NO_ROOM || !waits || desk.isAbandoned()) {
          return position;
        }
        desk.ledger.hurry();
        try {
          desk.window.awaitRoom(writer.alignedLength(), true, WAIT_NANOS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
