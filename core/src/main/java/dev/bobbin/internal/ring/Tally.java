package dev.bobbin.internal.ring;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many ready jobs were ever put into one ring.
 *
 * <p>An atomic add for each job would be a tenth of what a submit costs (docs/decisions/003). So a
 * producer that adds job after job gets a seat of its own, where it counts with an ordinary store;
 * the others share an adder. Seats are given to the next producer when their thread has ended or
 * has gone on to another queue; what was counted on them stays. Their number is bounded (invariant
 * 9).
 *
 * <p>A job is counted after its place is claimed and before its frame is published: whoever has
 * seen a job finds it counted.
 */
final class Tally {
  static final int SEATS = 64;

  /** Jobs in a row that make a producer one who adds often. */
  static final int JOBS_BEFORE_SEAT = 64;

  private final LongAdder shared = new LongAdder();

  /** Only grows. Written under the monitor, read by anyone. */
  private volatile Seat[] seats = new Seat[0];

  /** Where one producer counts. */
  static final class Seat {
    private final Cursor jobs = new Cursor(0);

    /** Guarded by the monitor of the tally; null when the seat was given back. */
    private @Nullable WeakReference<Thread> owner;

    void count() {
      jobs.addOwned(1);
    }

    private boolean isFree() {
      Thread thread = owner == null ? null : owner.get();
      return thread == null || !thread.isAlive();
    }
  }

  void countShared() {
    shared.increment();
  }

  /** A seat for the calling thread, or null if all are taken. */
  synchronized @Nullable Seat sit() {
    Seat mine = null;
    for (Seat seat : seats) {
      if (seat.isFree()) {
        mine = seat;
        break;
      }
    }
    if (mine == null) {
      if (seats.length == SEATS) {
        return null;
      }
      mine = new Seat();
      Seat[] more = Arrays.copyOf(seats, seats.length + 1);
      more[seats.length] = mine;
      seats = more;
    }
    mine.owner = new WeakReference<>(Thread.currentThread());
    return mine;
  }

  synchronized void leave(Seat seat) {
    seat.owner = null;
  }

  int seats() {
    return seats.length;
  }

  /** All jobs counted so far: at least those whose frames the caller has seen or heard of. */
  long sum() {
    long sum = shared.sum();
    for (Seat seat : seats) {
      sum += seat.jobs.getAcquire();
    }
    return sum;
  }
}
