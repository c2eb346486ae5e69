package dev.bobbin.internal.local;

import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.work.Desk;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which ready jobs lie in the journal only: those that an earlier process left, and those that left
 * the ring because workers fell behind. The I/O thread adds behind, the timer thread takes in
 * front; guarded by its monitor.
 */
final class Backlog {
  private final Desk desk;
  private final PositionRanges ranges = new PositionRanges();

  /** Jobs in the ranges. Written with the monitor, read by anyone. */
  private final AtomicLong jobs = new AtomicLong();

  Backlog(Desk desk) {
    this.desk = desk;
  }

  /** Jobs are about to be added: from now on the ring's are newer. */
  synchronized void begin() {
    desk.behind(true);
  }

  /** Whatever was to be added is. */
  synchronized void end() {
    if (jobs.get() == 0) {
      desk.behind(false);
    }
  }

  synchronized void add(long from, long to, long newJobs) {
    ranges.add(from, to);
    jobs.addAndGet(newJobs);
  }

  /** The first position that belongs to it, {@link Long#MAX_VALUE} if it is empty. */
  synchronized long first() {
    return jobs.get() == 0 ? Long.MAX_VALUE : ranges.nextCovered(0);
  }

  /** The part of it in [from, to). */
  synchronized PositionRanges within(long from, long to) {
    PositionRanges part = new PositionRanges();
    ranges.forEach(from, to, part::add);
    return part;
  }

  /** Everything below {@code end} was taken: {@code taken} jobs. */
  synchronized void taken(long end, long takenJobs) {
    ranges.removeBelow(end);
    if (jobs.addAndGet(-takenJobs) == 0) {
      desk.behind(false);
    }
  }

  /** How many jobs belong to it. */
  long jobs() {
    return jobs.get();
  }
}
