package dev.bobbin.internal.local;

import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.Refusal;
import dev.bobbin.internal.admit.Admission;
import dev.bobbin.internal.admit.KeyedAdmission;
import dev.bobbin.internal.delay.Delays;
import dev.bobbin.internal.journal.HeapLog;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.Log;
import dev.bobbin.internal.journal.Readback;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.ring.Doorbell;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Sweep;
import dev.bobbin.internal.ring.Window;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.watch.Counters;
import dev.bobbin.internal.watch.Watch;
import dev.bobbin.internal.work.Desk;
import dev.bobbin.internal.work.Elsewhere;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One queue without its payload type: the parts, joined. Producers and workers meet it in {@link
 * #ring}, {@link #admission} and {@link #desk}, the I/O thread in {@link #flushing}; the timer
 * thread takes its {@link #turn}s here.
 */
final class QueueCore {
  final String name;
  final QueueOptions options;
  final long id;
  final Ring ring;
  final Window window;
  final Admission admission;
  final KeyedAdmission keyed;
  final Desk desk;
  final Delays delays;
  final DeadStore dead;
  final Watch watch = new Watch();
  final Counters counters = watch.counters;
  final StatusReader status;
  final Idleness idleness = new Idleness(this::isIdle);
  final RecoveryReport recovery;
  final Time time;
  final @Nullable Journal journal;
  final Flushing flushing;

  /** Who keeps the jobs, or null if ring and journal do. */
  final @Nullable Elsewhere elsewhere;

  private final TimerThread timer;
  private final Doorbell doorbell;
  private final Sweep sweep;
  private final Backlog backlog;
  private final Loading loading;
  private final long recovered;
  private final boolean timePasses;

  /**
   * Wall clock of the last cycle or of the last batch, whichever is later: good enough for a submit
   * time. I/O thread and workers write, and may overtake each other by a moment.
   */
  private volatile long coarseMillis;

  private volatile @Nullable Throwable failure;

  /** Timer thread only. */
  private boolean unwatchable;

  private QueueCore(
      String name,
      QueueOptions options,
      IoThread io,
      TimerThread timer,
      Opened opened,
      @Nullable Elsewhere elsewhere) {
    this.name = name;
    this.options = options;
    this.elsewhere = elsewhere;
    this.timer = timer;
    this.time = timer.time;
    this.coarseMillis = time.wallMillis();
    this.id = opened.id();
    this.doorbell = new Doorbell(this::activate);
    boolean journaled = opened.journal() != null;
    this.ring = new Ring(opened.parts().ring(), opened.start(), journaled, opened.seed(), doorbell);
    this.window = new Window(ring, opened.parts(), opened.seed(), journaled);
    this.sweep = new Sweep(ring, window);
    this.journal = opened.journal();
    HeapLog heap = journal == null ? new HeapLog(0) : null;
    Log log = heap == null ? journal : heap;
    this.admission = new Admission(ring, window, options, cycles());
    this.keyed = new KeyedAdmission(admission, options.deduplication(), time);
    this.delays = new Delays(0, due -> wantLoad());
    this.desk =
        new Desk(
            ring,
            window,
            doorbell,
            options,
            new CoreLedger(this),
            watch.crew,
            Opened.frameBytes(options),
            elsewhere);
    this.backlog = new Backlog(desk);
    Spill spill = new Spill(ring, window, admission, backlog, this::wantLoad, journaled);
    FlushCycle cycle =
        new FlushCycle(sweep, Objects.requireNonNull(log), heap, spill, watch.flushes);
    Frames frames = new Frames(sweep, readback(), heap, opened.seed());
    this.flushing = new Flushing(this, cycle, frames, opened.start(), doorbell, io, timer);
    Frames loaded = new Frames(sweep, readback(), heap, opened.seed());
    this.loading = new Loading(new Loader(desk, delays, backlog, loaded, readback()), timer);
    if (opened.backlogJobs() > 0) {
      backlog.begin();
      backlog.add(0, opened.start(), opened.backlogJobs());
    }
    this.recovery = opened.report();
    this.recovered = opened.report().unfinished();
    this.timePasses = time.passes();
    opened.found().delayed().forEach(this::addFound);
    opened.found().keys().forEach(keyed::recovered);
    this.dead = new DeadStore(options.deadLetters(), window, counters, desk.turnstile());
    opened.found().forEachDead(dead::add);
    // Those that are one too many were discarded: the flush cycle has to hear of it.
    if (counters.deadDiscarded.sum() > 0) {
      flushing.activate();
    }
    if (elsewhere == null) {
      admission.recovered(recovered, opened.found().bytes());
      counters.entered.add(recovered);
    }
    if (journal != null) {
      flushing.raiseCeiling();
      if (journal.isFull()) {
        flushing.closeForSpace();
        flushing.activate();
      }
    }
    status = new StatusReader(this);
    doorbell.ioWaits();
  }

  private void addFound(Priority priority, long dueMillis, long position) {
    if (dueMillis <= coarseMillis) {
      delays.addReady(priority, dueMillis, position);
    } else {
      delays.add(priority, dueMillis, position);
    }
  }

  private Admission.FlushCycles cycles() {
    return new Admission.FlushCycles() {
      @Override
      public void hurry() {
        flushing.hurry();
      }

      @Override
      public void goOn() {
        flushing.goOn();
      }
    };
  }

  private @Nullable Readback readback() {
    return journal == null ? null : journal.readback();
  }

  static QueueCore inMemory(String name, QueueOptions options, IoThread io, TimerThread timer) {
    return new QueueCore(name, options, io, timer, Opened.inMemory(options), null);
  }

  /** A queue that hands out jobs which {@code elsewhere} keeps; {@code found} is what it has. */
  static QueueCore elsewhere(
      String name,
      QueueOptions options,
      IoThread io,
      TimerThread timer,
      Elsewhere elsewhere,
      RecoveryReport found) {
    return new QueueCore(name, options, io, timer, Opened.elsewhere(options, found), elsewhere);
  }

  /**
   * Opens or creates the queue in {@code storage}, on a thread that nobody interrupts.
   *
   * @param buffers where blocks are put together until the I/O thread takes over
   */
  static QueueCore open(
      Storage storage,
      String name,
      QueueOptions options,
      IoThread io,
      TimerThread timer,
      IntFunction<ByteBuffer> buffers)
      throws IOException {
    long nowMillis = timer.time.wallMillis();
    return new QueueCore(
        name, options, io, timer, Opened.from(storage, options, nowMillis, buffers), null);
  }

  // The timer thread's side.

  /** Ends leases and loads what is due; returns for how many nanoseconds nothing more is. */
  long turn() {
    return Math.min(endLeases(), load());
  }

  private long endLeases() {
    try {
      return desk.expiries().expire();
    } catch (RuntimeException | Error e) {
      fail(e);
      return Long.MAX_VALUE;
    }
  }

  private long load() {
    if (failure != null) {
      return Long.MAX_VALUE;
    }
    try {
      return loading.turn(time.wallMillis());
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      return Long.MAX_VALUE;
    }
  }

  /**
   * For how many nanoseconds {@link #watch} need not be called; a queue in which nothing moves is
   * not watched.
   */
  long nanosToWatch(long nowNanos) {
    return flushing.isMoving() && !unwatchable ? status.nanosToSample(nowNanos) : Long.MAX_VALUE;
  }

  /** Has the judge look at the queue. */
  void watch(long nowNanos) {
    try {
      status.sample(nowNanos);
    } catch (RuntimeException e) {
      // Not worth a queue that works: whoever asks for the status meets it.
      unwatchable = true;
    } catch (Error e) {
      fail(e);
    }
  }

  /** A clock that does not pass by itself was set: what was computed from it is void. */
  void clockStepped() {
    loading.clockStepped();
    desk.wakeAll();
  }

  /** On return nothing is loaded any more, nor will be. */
  void stopLoading() {
    loading.stop();
  }

  // Everyone's side.

  /** There may be something to load. */
  private void wantLoad() {
    loading.want();
  }

  private void activate() {
    flushing.activate();
  }

  /** Finished ranges were reported: if nobody looks after the queue, somebody has to. */
  void reported() {
    flushing.goOn();
    loadedTaken();
    idleness.mayHaveCome();
  }

  /** A lease ends earlier than all others. */
  void wakeTimer() {
    timer.wake();
  }

  /**
   * Whether no job is ready or in flight. Counts are read in the order that makes a job that moves
   * meanwhile count once too often, not once too seldom: what left first, what entered last.
   * Nothing may enter the ring meanwhile.
   */
  boolean isIdle() {
    if (elsewhere != null) {
      return elsewhere.unfinished() == elsewhere.delayed();
    }
    window.skipAsides();
    long tail = ring.tail();
    if (ring.head() != tail) {
      return false;
    }
    long left = counters.left();
    long delayed = delays.counts().delayed();
    long entered = ring.appended() + counters.entered.sum();
    return entered - delayed == left && ring.tail() == tail;
  }

  /** Whether a delayed job is due, so that it will be ready at any moment. */
  boolean hasDue() {
    long now = time.wallMillis();
    for (Priority priority : Priority.values()) {
      if (delays.nextDueMillis(priority) <= now) {
        return true;
      }
    }
    return false;
  }

  /** A number that grows with whatever happens to a job. */
  long moves() {
    return ring.tail() + counters.taken.sum() + counters.entered.sum() + counters.left();
  }

  void loadedTaken() {
    loading.loadedTaken();
  }

  void fail(Throwable cause) {
    // Invariant 7: whoever sees the failure, in whatever way, has no job accepted any more.
    admission.close(
        Refusal.FAILED,
        "queue " + name + " has stopped: " + cause + ". Reopen it to recover",
        cause);
    if (failure == null) {
      failure = cause;
    }
    window.abandon();
    desk.wakeAll();
    idleness.wakeAll();
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** Milliseconds since 1970, exact when it matters and cheap when jobs come fast. */
  long submitMillis() {
    return doorbell.ioIsWaiting() || !timePasses ? time.wallMillis() : coarseMillis;
  }

  /** Somebody has looked at the clock: submit times are as good as that. */
  void clock(long nowMillis) {
    if (coarseMillis != nowMillis) {
      coarseMillis = nowMillis;
    }
  }
}
