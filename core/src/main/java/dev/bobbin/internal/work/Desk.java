package dev.bobbin.internal.work;

import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.internal.ring.Doorbell;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Window;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.watch.Crew;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What all workers of a queue share: where jobs come from and where outcomes go. Thread-safe. */
public final class Desk {
  /** Loaded batches that wait for a worker at most. */
  public static final int MAX_LOADED = 16;

  /** Decides about leases, time-outs and throttles. */
  final Time time;

  final Ring ring;
  final Window window;
  final Doorbell doorbell;
  final RetryPolicy retry;
  final Ledger ledger;
  final Crew crew;
  final Allowance allowance;

  /** Null if the jobs are kept in the ring and the journal. */
  private final @Nullable Elsewhere elsewhere;

  /** Null for a queue without a throttle. */
  final @Nullable Meter meter;

  /** Older jobs than the ring's wait in the journal. Written by who adds to them or takes them. */
  private volatile boolean behind;

  private final Lanes lanes = new Lanes(MAX_LOADED);
  private final Turnstile turnstile = new Turnstile();
  private final Expiries expiries;
  private final Settling settling = new Settling();
  private final LeaseCount leases = new LeaseCount();
  private final AtomicLong tokens;

  /** Nobody gets jobs any more. Set once, when the queue begins to close. */
  private volatile boolean closing;

  /** Nobody waits for room in the ring any more. Set once, when the time to close is over. */
  private volatile boolean abandoned;

  /**
   * @param crew where workers say what they are doing
   * @param frameBytes the largest frame, which a worker sets aside before it knows what it gets
   * @param elsewhere who keeps the jobs, or null if ring and journal do
   */
  public Desk(
      Ring ring,
      Window window,
      Doorbell doorbell,
      QueueOptions options,
      Ledger ledger,
      Crew crew,
      int frameBytes,
      @Nullable Elsewhere elsewhere) {
    this.time = ledger.time();
    this.ring = ring;
    this.window = window;
    this.doorbell = doorbell;
    this.retry = options.retry();
    this.meter = Meter.of(options.throttle(), time);
    this.ledger = ledger;
    this.crew = crew;
    this.elsewhere = elsewhere;
    this.allowance =
        new Allowance(
            elsewhere == null ? window.inHandBytes() : options.ringBytes() / 8, frameBytes);
    this.expiries = new Expiries(time, ledger::wakeTimer);
    // Positions begin further on at every opening, so tokens grow over restarts too.
    this.tokens = new AtomicLong(ring.tail());
  }

  /** What the queue is told about jobs' lives; called by workers. */
  public interface Ledger {
    /** Jobs came into a worker's hands; before they are handled. */
    void taken(int jobs, long nowMillis);

    /** Jobs in hand were acked. */
    void acked(int jobs);

    /** Deliveries failed with an error. */
    void erred(String error, int jobs);

    /** Finished ranges were reported: an idle flush cycle has to look again. */
    void reported();

    /** Bytes of unfinished jobs that are kept outside the ring came or went. */
    void outside(long bytes);

    /** A job in hand was put off. */
    void putOff(boolean snoozed);

    /** The copy of a job that was put off to {@code dueMillis} is at {@code position}. */
    void delayed(Priority priority, long dueMillis, long position);

    /** A job in hand was set aside. */
    void died();

    /**
     * The copy of the job {@code id} that was set aside takes {@code bytes} at {@code position}.
     */
    void dead(long position, long id, int bytes);

    /** A job is about to be set aside because its handler rejected it, or it cannot be decoded. */
    void rejected();

    /** A job was set aside because its time to live is over. */
    void expired();

    /** A loaded batch was taken: there is room for another. */
    void loadedTaken();

    /** The queue cannot go on; called when a worker met what it cannot handle. */
    void failed(Throwable cause);

    /** Why the queue cannot go on, or null. */
    @Nullable Throwable failure();

    long nowMillis();

    /** The queue's clocks. */
    Time time();

    /** Asks the flush cycle to write what keeps space from being used again. */
    void hurry();

    /** How many flush cycles have ended. */
    long cycles();

    /** Jobs are in hand no more, and not done; before others can take them. */
    void givenUp(int jobs, GivenUp why);

    /** Outcomes were refused because the jobs were no longer in those hands. */
    void stale(int outcomes);

    /** A worker lost its batch while its handler runs; with -1, that handler has returned. */
    void stuck(int change);

    /** A lease ends before everything the timing thread knows of. */
    void wakeTimer();
  }

  // Where jobs go.

  /** Reports jobs in hand as done. */
  void finish(long from, long to) {
    if (elsewhere == null) {
      window.finish(from, to);
    } else {
      elsewhere.finished(from, to);
    }
  }

  /** For one thread at a time. */
  Copies newCopies() {
    return elsewhere == null ? new RingCopies(this) : new ElsewhereCopies(elsewhere, ledger);
  }

  // Who may take jobs.

  /** Holds workers and takers back, also for reasons that others have. */
  public Turnstile turnstile() {
    return turnstile;
  }

  /** Workers and takers get no jobs, or get them again. */
  public void pause(boolean paused) {
    turnstile.pause(paused);
  }

  /** Whether workers and takers get no jobs because somebody said so. */
  public boolean isPaused() {
    return turnstile.isPaused();
  }

  /**
   * Lets the caller take at most {@code wanted} jobs; returns how many, 0 if he has to wait at the
   * turnstile. He gives back what he did not need, and the rest by {@link #leave} when the jobs are
   * no longer in hand.
   */
  int enter(int wanted) {
    if (turnstile.isClosed() || ledger.failure() != null || !allowance.reserve()) {
      return 0;
    }
    Meter limits = meter;
    int granted = limits == null ? wanted : limits.take(wanted);
    if (granted == 0) {
      // Whoever fails for want of these bytes in the meantime is woken by the next that leaves:
      // there
      // is one, because somebody else holds the permits, or waits for the next token.
      allowance.adjust(-allowance.reservedBytes());
    }
    return granted;
  }

  /** There were fewer jobs than {@link #enter} gave leave for. */
  void unused(int jobs) {
    if (meter != null) {
      meter.giveBack(jobs);
    }
  }

  /** {@code jobs} that take up {@code bytes} are no longer in hand. */
  void leave(long bytes, int jobs) {
    allowance.adjust(-bytes);
    if (meter != null) {
      meter.release(jobs);
    }
    turnstile.freed();
  }

  /** Waits at the turnstile; returns as {@link #enter}, 0 if the wait ended. */
  int enterLater(int wanted, BooleanSupplier ended, long nanos) throws InterruptedException {
    Turnstile.Attempt attempt =
        new Turnstile.Attempt() {
          @Override
          public int enter() {
            return Desk.this.enter(wanted);
          }

          @Override
          public long nanosToNext() {
            return meter == null || !allowance.hasRoom() ? Ticks.NEVER : meter.nanosToNext();
          }
        };
    return turnstile.await(attempt, ended, nanos);
  }

  // Leases.

  /** When leases end. Driven by the timing thread. */
  public Expiries expiries() {
    return expiries;
  }

  /** Settlements and takes that are under way. */
  Settling settling() {
    return settling;
  }

  /** Leases that hold jobs. */
  LeaseCount leases() {
    return leases;
  }

  /** A fencing token: larger than all before it, also across restarts. */
  long nextToken() {
    return tokens.incrementAndGet();
  }

  // How the queue ends.

  /** Nobody gets jobs from now on; those who wait for some go. */
  public void close() {
    closing = true;
    wakeAll();
  }

  /** Has everybody who waits look again whether to end. */
  public void wakeAll() {
    doorbell.wakeAllWorkers();
    turnstile.wakeAll();
  }

  boolean isClosing() {
    return closing;
  }

  /** Those who wait for room for a retry give up: the job stays as it is. */
  public void abandon() {
    abandoned = true;
  }

  /** Whether nobody makes room in the ring any more. */
  boolean isAbandoned() {
    return abandoned || ledger.failure() != null;
  }

  /** Waits until no lease holds jobs, at most {@code nanos}; returns whether none does. */
  public boolean awaitLeases(long nanos) {
    return leases.awaitNone(nanos);
  }

  /** Takes every lease back. On return nobody settles anything any more. */
  public void endLeases() {
    settling.close();
    expiries.close();
  }

  /** Hands a loaded batch to the workers; the caller has seen that there is room. */
  public void offer(Lane lane, Delivery delivery) {
    lanes.add(lane, delivery);
    doorbell.wakeWorker();
  }

  /** Hands jobs that a worker or a puller held to the others, before those that wait already. */
  public void putBack(Lane lane, Delivery delivery) {
    lanes.putBack(lane, delivery);
    doorbell.wakeWorker();
  }

  /** Takes a loaded batch back; null if there is none. */
  public @Nullable Delivery recall(Lane lane) {
    return lanes.poll(lane, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Whether a loaded batch can be offered. */
  public boolean hasRoom(Lane lane) {
    return lanes.hasRoom(lane);
  }

  /** Takes a loaded batch, or as much of it as the worker may have; null if there is none. */
  @Nullable Delivery pollLoaded(@Nullable Lane lane, int maxJobs) {
    if (lane == null || !mayTakeLoaded()) {
      return null;
    }
    Delivery taken = lanes.poll(lane, maxJobs, batchBytes());
    if (taken != null) {
      if (!lanes.isEmpty()) {
        doorbell.wakeAnother();
      }
      ledger.loadedTaken();
    }
    return taken;
  }

  /** Whether there may be jobs to be taken. */
  boolean hasWork() {
    return (ring.hasUnread() && !behind) || !lanes.isEmpty();
  }

  /**
   * Older jobs than the ring's wait in the journal, or no more: workers leave the ring alone until
   * these are done, so that the order stays.
   */
  public void behind(boolean isBehind) {
    boolean was = behind;
    behind = isBehind;
    if (was && !isBehind) {
      // All: those that wait only for what is loaded go now.
      doorbell.wakeAllWorkers();
    }
  }

  /** Whether older jobs than the ring's wait in the journal. */
  boolean isBehind() {
    return behind;
  }

  /**
   * Whether older jobs than the ring's wait in the journal, or were loaded from it and can be
   * taken: then the ring is to be left alone.
   */
  boolean hasOlder() {
    return behind || (lanes.holds(Lane.BACKLOG) && mayTakeLoaded());
  }

  Lanes lanes() {
    return lanes;
  }

  /** Jobs in loaded batches. */
  public long loadedJobs() {
    return lanes.jobs();
  }

  /**
   * Since when the first of the loaded jobs has been ready, in milliseconds since 1970; {@link
   * Long#MAX_VALUE} if there is none.
   */
  public long oldestLoadedMillis() {
    return lanes.isEmpty() ? Long.MAX_VALUE : lanes.oldestMillis();
  }

  /** Most bytes of a batch, but for its last job. */
  public int batchBytes() {
    return allowance.batchBytes();
  }

  /**
   * Whether loaded jobs may be taken before those in the ring. Not while retries fill the reserve:
   * then only jobs from the ring make room for more; with a backlog, the flush cycle does.
   */
  private boolean mayTakeLoaded() {
    return behind || ring.tail() - ring.head() <= ring.capacity() / 4 * 3L;
  }
}
