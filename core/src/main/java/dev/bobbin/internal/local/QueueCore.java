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
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.recovery.Recovery;
import dev.bobbin.internal.ring.Doorbell;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Sweep;
import dev.bobbin.internal.ring.Window;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.watch.Counters;
import dev.bobbin.internal.watch.Watch;
import dev.bobbin.internal.work.Desk;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One queue without its payload type: the parts, joined. The I/O thread drives it through {@link
 * #step}, {@link #load} and {@link #completeCycle}; producers and workers meet it in {@link #ring},
 * {@link #admission} and {@link #desk}.
 */
final class QueueCore {
  /** How long flush cycles are apart while the disk is full and nobody waits for one. */
  private static final long FULL_NANOS = 500_000_000;

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
  final JournalGauge journalGauge;

  private final IoThread io;
  private final TimerThread timer;
  private final Doorbell doorbell;
  private final Sweep sweep;
  private final FlushCycle cycle;
  private final Backlog backlog;
  private final Loading loading;
  private final Frames frames;
  private final long recovered;
  private final long flushNanos;
  private final boolean timePasses;

  /** Set by whoever ends the queue's idleness, cleared by the I/O thread. */
  private volatile boolean activated;

  /** Whether the flush cycle looks after this queue; I/O thread writes, workers read. */
  private volatile boolean active;

  /** Everything below it is durable. I/O thread writes, anyone reads. */
  private volatile long durableEnd;

  /** When the end that is now durable was taken; I/O thread writes, anyone reads. */
  private volatile long durableNanos = System.nanoTime();

  /**
   * Wall clock of the last cycle or of the last batch, whichever is later: good enough for a submit
   * time. I/O thread and workers write, and may overtake each other by a moment.
   */
  private volatile long coarseMillis;

  /** When the queue last ceased to be idle; whoever ends the idleness writes, anyone reads. */
  private volatile long activatedNanos = System.nanoTime();

  private volatile @Nullable Throwable failure;

  /** Timer thread only. */
  private boolean unwatchable;

  // I/O thread only.
  private long nextFlush;
  private long endTakenNanos;
  private boolean closed;

  private QueueCore(
      String name, QueueOptions options, IoThread io, TimerThread timer, Opened opened) {
    this.name = name;
    this.options = options;
    this.io = io;
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
            Opened.frameBytes(options));
    this.backlog = new Backlog(desk);
    Spill spill = new Spill(ring, window, admission, backlog, this::wantLoad, journaled);
    this.cycle = new FlushCycle(sweep, Objects.requireNonNull(log), heap, spill, watch.flushes);
    this.frames = new Frames(sweep, readback(), heap, opened.seed());
    this.journalGauge = new JournalGauge(journal, frames, id);
    Frames loaded = new Frames(sweep, readback(), heap, opened.seed());
    this.loading = new Loading(new Loader(desk, delays, backlog, loaded, readback()), timer);
    if (opened.backlogJobs() > 0) {
      backlog.begin();
      backlog.add(0, opened.start(), opened.backlogJobs());
    }
    this.recovery = opened.report();
    this.recovered = opened.report().unfinished();
    this.timePasses = time.passes();
    this.flushNanos = options.flushInterval().toNanos();
    this.durableEnd = opened.start();
    opened.found().delayed().forEach(this::addFound);
    opened.found().keys().forEach(keyed::recovered);
    this.dead = new DeadStore(options.deadLetters(), window, counters, desk.turnstile());
    opened.found().forEachDead(dead::add);
    // Those that are one too many were discarded: the flush cycle has to hear of it.
    this.activated = counters.deadDiscarded.sum() > 0;
    admission.recovered(recovered, opened.found().bytes());
    counters.entered.add(recovered);
    if (journal != null) {
      window.ceiling(durableEnd + Recovery.POSITION_JUMP / 2);
      if (journal.isFull()) {
        closeForSpace();
        activated = true;
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
        QueueCore.this.hurry();
      }

      @Override
      public void goOn() {
        if (!active && !activated) {
          activate();
        }
      }
    };
  }

  private @Nullable Readback readback() {
    return journal == null ? null : journal.readback();
  }

  static QueueCore inMemory(String name, QueueOptions options, IoThread io, TimerThread timer) {
    return new QueueCore(name, options, io, timer, Opened.inMemory(options));
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
        name, options, io, timer, Opened.from(storage, options, nowMillis, buffers));
  }

  // The flush cycle's side. I/O thread only.

  /** The I/O thread takes over. */
  void adopt() {
    if (journal != null) {
      journal.adopt(io::blockBuffer);
    }
  }

  /** One step of a cycle. */
  interface Step {
    void run(FlushCycle cycle) throws IOException;
  }

  /**
   * Invariant 7: the first error stops the queue for good; no later step runs, so nothing is
   * reported as done.
   */
  void step(Step step) {
    if (failure == null) {
      try {
        step.run(cycle);
      } catch (IOException | RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  /** Whether this cycle wrote all that it had to. */
  boolean isWritten() {
    return failure == null && !cycle.isFull();
  }

  void completeCycle(boolean whole) {
    step(c -> complete(c, whole));
    counters.flushes.increment();
    nextFlush = System.nanoTime() + intervalNanos();
  }

  /** With a full disk acks have but the reserve, of which each cycle takes a block. */
  private long intervalNanos() {
    boolean full = journal != null && journal.isFull();
    return full ? Math.max(flushNanos, FULL_NANOS) : flushNanos;
  }

  private void complete(FlushCycle done, boolean whole) throws IOException {
    durableEnd = done.complete(whole);
    durableNanos = endTakenNanos;
    coarseMillis = time.wallMillis();
    if (journal != null) {
      window.ceiling(durableEnd + Recovery.POSITION_JUMP / 2);
      checkSpace(journal);
      journalGauge.look();
    }
    window.skipAsides();
    activated = false;
    doorbell.ioWaits();
    // After the announcement: what came before it is seen here, what comes after it wakes this
    // thread.
    active =
        cycle.hasAcks()
            || durableEnd != ring.tail()
            || (journal != null && (window.isAwaited() || journal.isFull()));
    // Announced first, looked second: see Window.finish.
    VarHandle.fullFence();
    if (window.locked(window::hasAcks)) {
      active = true;
    }
  }

  private void checkSpace(Journal on) throws IOException {
    boolean withoutSpare = on.isFull() && !on.retrySpace();
    if (cycle.isFull() || withoutSpare) {
      closeForSpace();
    } else {
      admission.reopen(Refusal.DISK_FULL);
    }
  }

  /** Invariant 8: until there is a segment besides the reserve, producers are kept out of it. */
  private void closeForSpace() {
    admission.close(Refusal.DISK_FULL, "the disk has no room for another journal segment", null);
  }

  /** Whether this queue takes part in the next cycle. */
  boolean isMoving() {
    return (active || activated) && failure == null;
  }

  /** Whether jobs wait in the ring that no worker has taken. */
  boolean hasUnread() {
    return isMoving() && ring.hasUnread();
  }

  /** How long until this queue wants a cycle. */
  long nanosToFlush(long now) {
    if (activated && !active) {
      active = true;
      nextFlush = now + flushNanos;
      // It watches queues that move.
      timer.wake();
    }
    return isMoving() ? nextFlush - now : Long.MAX_VALUE;
  }

  void takeEnd() {
    endTakenNanos = System.nanoTime();
    step(FlushCycle::takeEnd);
  }

  /**
   * A copy of the frame at {@code position}, or null if the job is finished. I/O thread only.
   *
   * @throws IllegalStateException if the queue is closed
   */
  byte @Nullable [] frameOrNull(long position) throws IOException {
    if (closed) {
      throw new IllegalStateException("queue " + name + " is closed");
    }
    return frames.find(position);
  }

  /**
   * The last steps of a queue whose workers have stopped: after them it is closed in order.
   *
   * @throws NoSpaceException if the disk has no room for all of it: it is as after the death of the
   *     process, and the ring keeps what the journal does not have
   */
  void shutDown() throws IOException {
    closed = true;
    if (journal == null) {
      return;
    }
    try {
      if (failure == null) {
        closeInOrder(journal);
      }
    } finally {
      journal.close();
    }
  }

  /** Invariant 1: a journal that says that it is closed is believed to hold everything. */
  private void closeInOrder(Journal last) throws IOException {
    if (cycle.isFull()) {
      throw new NoSpaceException(
          "queue "
              + name
              + " is closed, but the disk has no room for all of it: the rest is in the ring, which"
              + " survives the end of the process and not the death of the machine. Free some space"
              + " and open it again",
          new IOException("disk full"));
    }
    if (durableEnd == ring.tail()) {
      last.appendClosed();
      last.force();
    }
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
    return isMoving() && !unwatchable ? status.nanosToSample(nowNanos) : Long.MAX_VALUE;
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

  /** The queue is no longer idle. */
  private void activate() {
    if (!active) {
      activatedNanos = System.nanoTime();
    }
    activated = true;
    io.wake();
  }

  /** Finished ranges were reported: if nobody looks after the queue, somebody has to. */
  void reported() {
    if (!active && !activated) {
      activate();
    }
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

  void hurry() {
    activated = true;
    io.hurry();
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

  long durableEnd() {
    return durableEnd;
  }

  /**
   * Since when the oldest of what is not yet durable has been waiting, as {@link System#nanoTime}.
   */
  long undurableSince() {
    long flushed = durableNanos;
    long moved = activatedNanos;
    return moved - flushed > 0 ? moved : flushed;
  }

  /** A worker has looked at the clock: submit times are as good as that. */
  void clock(long nowMillis) {
    if (coarseMillis != nowMillis) {
      coarseMillis = nowMillis;
    }
  }
}
