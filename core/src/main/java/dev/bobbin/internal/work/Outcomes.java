package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Ring;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries out what becomes of jobs that were not acked. This is where a retry goes: a copy of the
 * job with the next attempt and a due time is appended to the ring, and only then the original is
 * reported as finished.
 *
 * <p>Invariant 3 is kept here: copy before ack. A crash in between leaves both, and recovery keeps
 * the newer one.
 *
 * <p>Invariant 8: the copy may use the ring's reserve, which is as large as all batches in hand
 * twice; as it is not longer than its original, it always fits once the flush cycle has written
 * what lies before. (A dead letter's reason may make it longer; it is left out when even the
 * reserve is short.)
 */
final class Outcomes {
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

  Outcomes(Desk desk) {
    this.desk = desk;
  }

  /**
   * Carries out what becomes of {@code jobs}, waiting for room if it must; returns how many stay as
   * they are, because the queue has stopped or has no more time: they are delivered again after
   * reopening.
   */
  int carryOut(List<Unacked> jobs) {
    countErrors(jobs);
    renewPatience();
    int kept = 0;
    for (Unacked job : jobs) {
      if (!carryOut(job, true)) {
        kept++;
      }
    }
    return kept;
  }

  private void renewPatience() {
    patience = desk.window.isJournaled() ? PATIENCE_STEPS_WITH_JOURNAL : PATIENCE_STEPS;
    patientCycles = -1;
  }

  private boolean isPatient() {
    if (patientCycles < 0) {
      patientCycles = desk.window.isJournaled() ? desk.ledger.cycles() + PATIENCE_CYCLES : 0;
    }
    return patience-- > 0 || desk.ledger.cycles() < patientCycles;
  }

  /** As {@link #carryOut(List)} for one job. */
  boolean carryOut(Unacked job) {
    renewPatience();
    countErrors(List.of(job));
    return carryOut(job, true);
  }

  /** Carries out what becomes of {@code job} if there is room at once. For the timing thread. */
  boolean tryCarryOut(Unacked job) {
    patience = 0;
    patientCycles = 0;
    boolean done = carryOut(job, false);
    if (done) {
      // Only then: what stays as it is is tried again, and would count each time.
      countErrors(List.of(job));
    }
    return done;
  }

  private boolean carryOut(Unacked job, boolean waits) {
    int attempt = Frame.attempt(job.bytes(), job.offset());
    boolean done =
        switch (job.kind()) {
          case KEEP -> false;
          case REJECT -> reject(job, attempt, waits);
          case EXPIRE -> expire(job, attempt - 1, job.text(), waits);
          case SNOOZE -> putOff(job, attempt, true, waits);
          case RETRY ->
              attempt >= desk.retry.maxAttempts()
                  ? setAside(job, attempt, job.text(), waits)
                  : putOff(job, attempt, false, waits);
        };
    if (done) {
      desk.window.finish(job.position(), job.end());
    }
    return done;
  }

  private boolean putOff(Unacked job, int attempt, boolean snooze, boolean waits) {
    long due = desk.ledger.nowMillis() + delayMillis(job, attempt);
    String tooLate = Expiry.beforeNext(job, due);
    if (tooLate != null) {
      return expire(job, snooze ? attempt - 1 : attempt, tooLate, waits);
    }
    writer.again(job.bytes(), job.offset(), snooze ? attempt : attempt + 1, due);
    long position = append(waits);
    if (position == Ring.NO_ROOM) {
      return false;
    }
    desk.ledger.outside(writer.alignedLength());
    desk.ledger.delayed(Frame.priority(job.bytes(), job.offset()), due, position, snooze);
    return true;
  }

  private boolean reject(Unacked job, int attempt, boolean waits) {
    boolean done = setAside(job, attempt, job.text(), waits);
    if (done) {
      desk.ledger.rejected();
    }
    return done;
  }

  /** Sets a job aside that is no longer worth starting, after {@code failed} attempts. */
  private boolean expire(Unacked job, int failed, String reason, boolean waits) {
    boolean done = setAside(job, failed, reason, waits);
    if (done) {
      desk.ledger.expired();
    }
    return done;
  }

  /** Neighbours that failed for the same reason are counted together. */
  private void countErrors(List<Unacked> jobs) {
    String error = "";
    int count = 0;
    for (Unacked job : jobs) {
      if (job.kind() == Unacked.Kind.RETRY) {
        if (count > 0 && !job.text().equals(error)) {
          desk.ledger.erred(error, count);
          count = 0;
        }
        error = job.text();
        count++;
      }
    }
    if (count > 0) {
      desk.ledger.erred(error, count);
    }
  }

  private boolean setAside(Unacked job, int attempt, String reason, boolean waits) {
    long now = desk.ledger.nowMillis();
    writer.dead(job.bytes(), job.offset(), attempt, reason, now);
    // A reason makes the frame longer than its original: it must not use up what retries and dead
    // letters without one rest on, or every worker would wait for room that only workers give back.
    long position = appendAmply();
    if (position == Ring.NO_ROOM) {
      writer.dead(job.bytes(), job.offset(), attempt, "", now);
      position = append(waits);
    }
    if (position == Ring.NO_ROOM) {
      return false;
    }
    desk.ledger.dead(position, Frame.id(job.bytes(), job.offset()), writer.alignedLength());
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

  private long delayMillis(Unacked job, int attempt) {
    long nanos =
        job.delayNanos() == Unacked.BY_POLICY
            ? desk.retry.delayAfter(attempt, ThreadLocalRandom.current().nextDouble()).toNanos()
            : job.delayNanos();
    return TimeUnit.NANOSECONDS.toMillis(nanos);
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
