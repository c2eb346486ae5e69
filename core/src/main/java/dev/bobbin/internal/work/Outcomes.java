package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Frame;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Decides what becomes of jobs that were not acked, and has it carried out by {@link Copies}. */
final class Outcomes {
  private final Desk desk;
  private final Copies copies;

  Outcomes(Desk desk) {
    this.desk = desk;
    this.copies = desk.newCopies();
  }

  /**
   * Carries out what becomes of {@code jobs}, waiting for room if it must; returns how many stay as
   * they are, because the queue has stopped or has no more time: they are delivered again after
   * reopening.
   */
  int carryOut(List<Unacked> jobs) {
    countErrors(jobs);
    copies.begin(true);
    int kept = 0;
    for (Unacked job : jobs) {
      if (!carryOut(job, true)) {
        kept++;
      }
    }
    return kept;
  }

  /** As {@link #carryOut(List)} for one job. */
  boolean carryOut(Unacked job) {
    copies.begin(true);
    countErrors(List.of(job));
    return carryOut(job, true);
  }

  /** Carries out what becomes of {@code job} if there is room at once. For the timing thread. */
  boolean tryCarryOut(Unacked job) {
    copies.begin(false);
    boolean done = carryOut(job, false);
    if (done) {
      // Only then: what stays as it is is tried again, and would count each time.
      countErrors(List.of(job));
    }
    return done;
  }

  private boolean carryOut(Unacked job, boolean waits) {
    int attempt = Frame.attempt(job.bytes(), job.offset());
    return switch (job.kind()) {
      case KEEP -> false;
      case REJECT -> reject(job, attempt, waits);
      case EXPIRE -> expire(job, attempt - 1, job.text(), waits);
      case SNOOZE -> putOff(job, attempt, true, waits);
      case RETRY ->
          attempt >= desk.retry.maxAttempts()
              ? copies.setAside(job, attempt, job.text(), waits)
              : putOff(job, attempt, false, waits);
    };
  }

  private boolean putOff(Unacked job, int attempt, boolean snooze, boolean waits) {
    long due = desk.ledger.nowMillis() + delayMillis(job, attempt);
    String tooLate = Expiry.beforeNext(job, due);
    return tooLate != null
        ? expire(job, snooze ? attempt - 1 : attempt, tooLate, waits)
        : copies.putOff(job, snooze ? attempt : attempt + 1, due, snooze, waits);
  }

  private boolean reject(Unacked job, int attempt, boolean waits) {
    boolean done = copies.setAside(job, attempt, job.text(), waits);
    if (done) {
      desk.ledger.rejected();
    }
    return done;
  }

  /** Sets a job aside that is no longer worth starting, after {@code failed} attempts. */
  private boolean expire(Unacked job, int failed, String reason, boolean waits) {
    boolean done = copies.setAside(job, failed, reason, waits);
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

  private long delayMillis(Unacked job, int attempt) {
    long nanos =
        job.delayNanos() == Unacked.BY_POLICY
            ? desk.retry.delayAfter(attempt, ThreadLocalRandom.current().nextDouble()).toNanos()
            : job.delayNanos();
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
