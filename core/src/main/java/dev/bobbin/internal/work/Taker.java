package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.FinishedLog.RangeVisitor;
import dev.bobbin.internal.ring.InHand;
import dev.bobbin.internal.ring.Reader;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches from the ring or from what was loaded, and knows what the batch in hand has set
 * aside at the {@link Desk}. One thread at a time; a worker's also by whoever takes its batch away.
 */
final class Taker {
  private final Desk desk;
  private final Reader reader;
  private final Claim claim;
  private final BooleanSupplier older;
  private boolean dueLast;

  /** What is set aside at the desk. */
  private long bytes;

  private int jobs;

  /** The batch in hand, if it was loaded, and where it waited. */
  private @Nullable Delivery loaded;

  private Lane lane = Lane.DUE;
  private boolean fromRing;

  /** The last batch ended where producers had got to, not because it was full. */
  private boolean caughtUp;

  Taker(Desk desk, int maxBatch) {
    this.desk = desk;
    this.reader = desk.window.addReader();
    this.claim = desk.ring.newClaim(maxBatch);
    this.older = desk::hasOlder;
  }

  /** Gets leave for at most {@code wanted} jobs; false if the caller has to wait. */
  boolean enter(int wanted) {
    return entered(desk.enter(wanted));
  }

  /** As {@link #enter}, waiting at most {@code nanos} and until {@code ended}. */
  boolean enterLater(int wanted, BooleanSupplier ended, long nanos) throws InterruptedException {
    return entered(desk.enterLater(wanted, ended, nanos));
  }

  /** There is leave for {@code granted} jobs; true if that is any. */
  boolean entered(int granted) {
    jobs = granted;
    bytes = granted > 0 ? desk.allowance.reservedBytes() : 0;
    return granted > 0;
  }

  /** Takes a batch of the jobs there is leave for; without one, the leave is given back. */
  boolean take() {
    boolean taken = false;
    try {
      taken =
          takeLoaded(desk.lanes().beforeRing(dueLast))
              || takeFromRing()
              || takeLoaded(desk.lanes().afterRing());
      return taken;
    } finally {
      if (!taken && !hasBatch()) {
        desk.unused(jobs);
        jobs = 0;
        leave();
      }
    }
  }

  private boolean takeLoaded(@Nullable Lane from) {
    Delivery batch = desk.pollLoaded(from, jobs);
    dueLast = from == Lane.DUE;
    if (batch == null || from == null) {
      return false;
    }
    loaded = batch;
    lane = from;
    caughtUp = false;
    adjust(batch.size(), batch.bytesUsed());
    return true;
  }

  private boolean takeFromRing() {
    claim.limit(jobs);
    if (!desk.ring.claim(reader, claim, desk.batchBytes(), older)) {
      return false;
    }
    fromRing = true;
    lane = Lane.DUE;
    caughtUp = claim.size() < jobs && claim.to() - claim.from() < desk.batchBytes();
    adjust(claim.size(), claim.to() - claim.from());
    if (desk.ring.hasUnread()) {
      desk.doorbell.wakeAnother();
    }
    return true;
  }

  private void adjust(int taken, long takenBytes) {
    desk.ledger.taken(taken, desk.ledger.nowMillis());
    if (taken < jobs) {
      desk.unused(jobs - taken);
    }
    desk.allowance.adjust(takenBytes - bytes);
    jobs = taken;
    bytes = takenBytes;
    desk.turnstile().freed();
  }

  /** Bytes that are set aside for the batch. */
  long bytes() {
    return bytes;
  }

  /** Jobs in the batch. */
  int size() {
    return jobs;
  }

  /** Whether the last batch was all that there was in the ring. */
  boolean hasCaughtUp() {
    return caughtUp;
  }

  boolean hasBatch() {
    return fromRing || loaded != null;
  }

  /** The batch in hand if it was loaded, null if it lies in the ring. */
  @Nullable Delivery loaded() {
    return loaded;
  }

  /** Where those jobs of the batch wait that go to others. */
  Lane lane() {
    return lane;
  }

  Claim claim() {
    return claim;
  }

  /** The batch's space in the ring may be used again. */
  void release() {
    reader.release();
  }

  /** The batch's positions in pieces, with the padding in between if it lies in the ring. */
  void forEachRange(RangeVisitor visitor) {
    if (loaded == null) {
      claim.forEachRange(visitor);
    } else {
      loaded.forEachRange(visitor);
    }
  }

  /** Since when the batch's first job has been ready, in milliseconds since 1970. */
  long readyMillis() {
    return loaded == null ? claim.readyMillis() : loaded.readyMillis();
  }

  /** Has recovery know, should this process die now, that the batch is in hand. */
  void record() {
    InHand.Slot slot = reader.inHand();
    if (loaded == null) {
      slot.add(claim.from(), claim.to());
    } else {
      loaded.forEachRange(slot::add);
    }
    slot.hold();
  }

  /** Nothing is in hand any more. */
  void unrecord() {
    reader.inHand().clear();
  }

  /** The batch is no longer in hand; what it had set aside is given back. */
  void leave() {
    long freed = bytes;
    int released = jobs;
    forget();
    desk.leave(freed, released);
  }

  /** Gives the batch, of which nothing was handled, to others. */
  void handBack() {
    Delivery batch = loaded;
    if (batch == null) {
      batch = copied();
      desk.ledger.outside(batch.bytesUsed());
    }
    desk.ledger.givenUp(batch.size(), GivenUp.HANDED_BACK);
    desk.putBack(lane, batch);
    leave();
  }

  /** A copy of the batch in the ring, whose space may then be used again. */
  Delivery copied() {
    Delivery copy = new Delivery(0, 0);
    copy.copy(claim);
    release();
    return copy;
  }

  /** The batch is somebody else's, with what it had set aside. */
  void forget() {
    bytes = 0;
    jobs = 0;
    loaded = null;
    fromRing = false;
  }

  /** Takes nothing any more. */
  void close() {
    reader.release();
    desk.window.removeReader(reader);
  }
}
