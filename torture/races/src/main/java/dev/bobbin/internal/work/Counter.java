package dev.bobbin.internal.work;

import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Scene;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.watch.Watch;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A desk whose ledger only counts, with jobs that somebody pulls. Used again and again. */
final class Counter implements Desk.Ledger {
  static final Time TIME = Time.system();
  static final long LEASE_NANOS = 3_600_000_000_000L;

  /** Time that does not pass. */
  static final Time STILL =
      new Time() {
        @Override
        public long wallMillis() {
          return 0;
        }

        @Override
        public long nanos() {
          return 0;
        }
      };

  /** Something that does not end. */
  static final Expiries.Watched NOBODY =
      new Expiries.Watched() {
        @Override
        public long expire(long now) {
          return Ticks.NEVER;
        }

        @Override
        public void revoke() {}
      };

  private static final ConcurrentLinkedQueue<Counter> RESTED = new ConcurrentLinkedQueue<>();

  final AtomicInteger acked = new AtomicInteger();
  final AtomicInteger givenUp = new AtomicInteger();
  final AtomicInteger stale = new AtomicInteger();
  private final Scene scene = new Scene.Pool(false).borrow();
  final Desk desk;
  private final Time time;
  private long positions = 8;

  Counter() {
    this(TIME);
  }

  Counter(Time time) {
    this.time = time;
    this.desk =
        new Desk(
            scene.ring,
            scene.window,
            scene.doorbell,
            QueueOptions.defaults(),
            this,
            new Watch().crew,
            1_000,
            null);
  }

  static Counter borrow() {
    Counter rested = RESTED.poll();
    return rested == null ? new Counter() : rested;
  }

  /** A lease on so many jobs, which lasts an hour. */
  BatchLease lease(int jobs) {
    return lease(jobs, LEASE_NANOS);
  }

  BatchLease lease(int jobs, long leaseNanos) {
    FrameWriter writer = new FrameWriter();
    Delivery batch = new Delivery(64 * jobs, jobs);
    for (int i = 0; i < jobs; i++) {
      writer.ready(new byte[8], 0);
      byte[] frame = writer.sealed(positions, 0);
      positions += frame.length;
      batch.add(frame, 0, frame.length);
    }
    BatchLease lease = new BatchLease(desk, batch, false, Lane.DUE, leaseNanos);
    desk.allowance.adjust(batch.bytesUsed());
    lease.begin(true);
    return lease;
  }

  /**
   * Takes what was handed back, and gives the desk back. Returns how many jobs that were; -1 if the
   * books do not balance with {@code settled}.
   */
  int giveBack(int settled) {
    int back = 0;
    for (Delivery found = poll(); found != null; found = poll()) {
      back += found.size();
    }
    boolean balanced =
        acked.getAndSet(0) == settled
            && givenUp.getAndSet(0) == back
            && desk.expiries().size() == 0
            && desk.awaitLeases(0);
    scene.window.makeRoom(0, false);
    RESTED.add(this);
    return balanced ? back : -1;
  }

  private @Nullable Delivery poll() {
    return desk.lanes().poll(Lane.DUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public void acked(int jobs) {
    acked.addAndGet(jobs);
  }

  @Override
  public void givenUp(int jobs, GivenUp why) {
    givenUp.addAndGet(jobs);
  }

  @Override
  public void stale(int outcomes) {
    stale.addAndGet(outcomes);
  }

  @Override
  public Time time() {
    return time;
  }

  @Override
  public long nowMillis() {
    return 0;
  }

  @Override
  public @Nullable Throwable failure() {
    return null;
  }

  // What no lease asks for here.

  @Override
  public void taken(int jobs, long nowMillis) {}

  @Override
  public void erred(String error, int jobs) {}

  @Override
  public void reported() {}

  @Override
  public void outside(long bytes) {}

  @Override
  public void putOff(boolean snoozed) {}

  @Override
  public void delayed(Priority priority, long dueMillis, long position) {}

  @Override
  public void died() {}

  @Override
  public void dead(long position, long id, int bytes) {}

  @Override
  public void rejected() {}

  @Override
  public void expired() {}

  @Override
  public void loadedTaken() {}

  @Override
  public void failed(Throwable cause) {}

  @Override
  public void hurry() {}

  @Override
  public long cycles() {
    return 0;
  }

  @Override
  public void stuck(int change) {}

  @Override
  public void wakeTimer() {}
}
