package dev.bobbin.internal.work;

import dev.bobbin.BobbinException;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.InHand;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A lease on a batch that somebody pulled. Invariant 6 is kept here: each job's state decides, by
 * one compare-and-set, between the first outcome and whoever takes the job back. Thread-safe.
 *
 * <pre>
 *     OPEN ---- outcome ----> SETTLED
 *       |
 *       +--- expired, closed, revoked ---> LOST
 * </pre>
 */
final class BatchLease implements Expiries.Watched {
  private static final int OPEN = 0;
  private static final int SETTLED = 1;
  private static final int LOST = 2;

  /** The deadline of a lease that has ended. */
  private static final long ENDED = Long.MIN_VALUE;

  private final Desk desk;
  private final Delivery jobs;
  private final boolean outside;
  private final Lane lane;
  private final long token;
  private final AtomicIntegerArray states;
  private final AtomicInteger open;
  private final AtomicLong deadline;

  /** Guarded by this object's monitor. */
  private Expiries.@Nullable Entry entry;

  /** Tells recovery what is in hand; written before the lease is known, given back at its end. */
  private InHand.@Nullable Slot slot;

  /**
   * @param outside whether the jobs are counted among the bytes outside the ring
   * @param lane where those wait that go to others
   */
  BatchLease(Desk desk, Delivery jobs, boolean outside, Lane lane, long leaseNanos) {
    this.desk = desk;
    this.jobs = jobs;
    this.outside = outside;
    this.lane = lane;
    this.token = desk.nextToken();
    this.states = new AtomicIntegerArray(jobs.size());
    this.open = new AtomicInteger(jobs.size());
    this.deadline = new AtomicLong(desk.time.nanos() + leaseNanos);
  }

  /**
   * Has the timing thread know, and if it is {@code recorded} recovery, too: should the process die
   * of a job, it is a suspect.
   */
  void begin(boolean recorded) {
    desk.leases().begun();
    if (recorded) {
      InHand.Slot record = desk.window.inHand().take();
      jobs.forEachRange(record::add);
      record.hold();
      slot = record;
    }
    synchronized (this) {
      entry = desk.expiries().add(deadline.get(), this);
    }
  }

  long token() {
    return token;
  }

  int unsettled() {
    return open.get();
  }

  long nanosLeft() {
    long end = deadline.get();
    return end == ENDED || open.get() == 0 ? 0 : Math.max(0, end - desk.time.nanos());
  }

  /** The lease lasts {@code nanos} from now on; false if it has ended. */
  boolean renew(long nanos) {
    long before = deadline.get();
    long now = desk.time.nanos();
    while (before != ENDED && open.get() > 0) {
      if (deadline.compareAndSet(before, now + nanos)) {
        enterEarlier(now + nanos);
        return true;
      }
      before = deadline.get();
    }
    return false;
  }

  /** A later deadline is found when the earlier one has come. */
  private synchronized void enterEarlier(long end) {
    if (entry != null && end < entry.deadline()) {
      desk.expiries().remove(entry);
      entry = desk.expiries().add(end, this);
    }
  }

  // Outcomes.

  /**
   * Settles the job at {@code index} as {@code outcome} says, null for an ack; false if it was
   * settled or taken back before.
   */
  boolean settle(int index, @Nullable Unacked outcome) {
    if (!desk.settling().enter()) {
      desk.ledger.stale(1);
      return false;
    }
    try {
      if (!states.compareAndSet(index, OPEN, SETTLED)) {
        if (states.get(index) == LOST) {
          desk.ledger.stale(1);
        }
        return false;
      }
      boolean carriedOut = outcome == null || carryOut(outcome);
      if (outcome == null) {
        desk.finish(position(index), position(index) + bytes(index));
        desk.ledger.acked(1);
      }
      gone(1, bytes(index), outside ? -bytes(index) : 0);
      return carriedOut;
    } finally {
      desk.settling().exit();
    }
  }

  private boolean carryOut(Unacked outcome) {
    if (new Outcomes(desk).carryOut(outcome)) {
      return true;
    }
    desk.ledger.givenUp(1, GivenUp.INTERRUPTED);
    Throwable failure = desk.ledger.failure();
    if (failure != null) {
      throw new BobbinException("the queue has failed; the job stays as it is", failure);
    }
    return false;
  }

  /** Acks every open job; returns how many that were. */
  int ackAll() {
    if (!desk.settling().enter()) {
      desk.ledger.stale(open.get());
      return 0;
    }
    try {
      Delivery acked = Delivery.over(jobs.bytes(), jobs.size());
      int lost = take(SETTLED, acked);
      if (lost > 0) {
        desk.ledger.stale(lost);
      }
      if (acked.size() > 0) {
        acked.forEachRange(desk::finish);
        desk.ledger.acked(acked.size());
        gone(acked.size(), acked.bytesUsed(), outside ? -acked.bytesUsed() : 0);
      }
      return acked.size();
    } finally {
      desk.settling().exit();
    }
  }

  /** Moves every open job to {@code state} and into {@code taken}; returns how many were lost. */
  private int take(int state, Delivery taken) {
    int lost = 0;
    for (int i = 0; i < jobs.size(); i++) {
      if (states.compareAndSet(i, OPEN, state)) {
        taken.addInPlace(jobs.offset(i));
      } else if (states.get(i) == LOST) {
        lost++;
      }
    }
    return lost;
  }

  /** Jobs are no longer in these hands. */
  private void gone(int count, long bytes, long outsideBytes) {
    if (outsideBytes != 0) {
      desk.ledger.outside(outsideBytes);
    }
    desk.leave(bytes, count);
    if (open.addAndGet(-count) == 0) {
      over();
    }
    desk.ledger.reported();
  }

  /** Nothing is held any more. Called once, by whoever settled or took back the last job. */
  private void over() {
    synchronized (this) {
      if (entry != null) {
        desk.expiries().remove(entry);
        entry = null;
      }
    }
    if (slot != null) {
      desk.window.inHand().giveBack(slot);
    }
    desk.leases().ended();
  }

  // The end.

  @Override
  public long expire(long now) {
    long end = deadline.get();
    while (end <= now && !deadline.compareAndSet(end, ENDED)) {
      end = deadline.get();
    }
    if (end > now) {
      reenter(end, now);
    } else {
      // Also where somebody else has ended it and is not through: afterwards no job is open.
      takeBack(GivenUp.LEASE_LOST);
    }
    return Ticks.NEVER;
  }

  /** It was renewed: the entry that brought us here is used up, unless a newer one is there. */
  private synchronized void reenter(long end, long now) {
    if (open.get() > 0 && entry != null && entry.deadline() <= now) {
      entry = desk.expiries().add(end, this);
    }
  }

  /** Hands what is open to others. */
  void close() {
    deadline.set(ENDED);
    takeBack(GivenUp.HANDED_BACK);
  }

  private void takeBack(GivenUp why) {
    if (!desk.settling().enter()) {
      // The queue has closed, and takes everything back itself.
      return;
    }
    try {
      Delivery back = Delivery.over(jobs.bytes(), jobs.size());
      take(LOST, back);
      int count = back.size();
      if (count > 0) {
        long bytes = back.bytesUsed();
        desk.ledger.givenUp(count, why);
        gone(count, bytes, outside ? 0 : bytes);
        // Last: who takes them now finds this lease at its end.
        desk.putBack(lane, back);
      }
    } finally {
      desk.settling().exit();
    }
  }

  @Override
  public void revoke() {
    deadline.set(ENDED);
    Delivery kept = Delivery.over(jobs.bytes(), jobs.size());
    take(LOST, kept);
    desk.ledger.givenUp(kept.size(), GivenUp.INTERRUPTED);
    if (kept.size() > 0 && open.addAndGet(-kept.size()) == 0) {
      over();
    }
  }

  // The jobs.

  private long position(int index) {
    return Frame.position(jobs.bytes(), jobs.offset(index));
  }

  private int bytes(int index) {
    return Frame.aligned(Frame.length(jobs.bytes(), jobs.offset(index)));
  }

  Delivery jobs() {
    return jobs;
  }

  /** Settles jobs that cannot be handed out; {@code outcomes} are in the order of the jobs. */
  void settleUnfit(List<Unacked> outcomes) {
    int next = 0;
    for (int i = 0; i < jobs.size() && next < outcomes.size(); i++) {
      if (jobs.offset(i) == outcomes.get(next).offset()) {
        settle(i, outcomes.get(next));
        next++;
      }
    }
  }
}
