package dev.bobbin.internal.local;

import dev.bobbin.QueueStatus.JournalFigures;
import dev.bobbin.Refusal;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.recovery.Recovery;
import dev.bobbin.internal.ring.Doorbell;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A queue as the I/O thread meets it: when it wants a flush cycle, what becomes of it in one, and
 * how it ends. The cycle's own steps are in {@link FlushCycle}.
 *
 * <p>A queue in which nothing moves takes part in no cycle. Whoever ends its idleness {@linkplain
 * #activate activates} it, once; the I/O thread keeps it active as long as there is something to be
 * written.
 */
final class Flushing {
  /** How long flush cycles are apart while the disk is full and nobody waits for one. */
  private static final long FULL_NANOS = 500_000_000;

  private final QueueCore core;
  private final FlushCycle cycle;
  private final Frames frames;
  private final @Nullable Journal journal;
  private final JournalGauge gauge;
  private final Doorbell doorbell;
  private final IoThread io;
  private final TimerThread timer;
  private final long flushNanos;

  /** Set by whoever ends the queue's idleness, cleared by the I/O thread. */
  private volatile boolean activated;

  /** Whether the flush cycle looks after this queue; I/O thread writes, workers read. */
  private volatile boolean active;

  /** Everything below it is durable. I/O thread writes, anyone reads. */
  private volatile long durableEnd;

  /** When the end that is now durable was taken; I/O thread writes, anyone reads. */
  private volatile long durableNanos = System.nanoTime();

  /** When the queue last ceased to be idle; whoever ends the idleness writes, anyone reads. */
  private volatile long activatedNanos = System.nanoTime();

  // I/O thread only.
  private long nextFlush;
  private long endTakenNanos;
  private boolean closed;

  /**
   * @param start everything before it is durable
   * @param frames the I/O thread's
   */
  Flushing(
      QueueCore core,
      FlushCycle cycle,
      Frames frames,
      long start,
      Doorbell doorbell,
      IoThread io,
      TimerThread timer) {
    this.core = core;
    this.cycle = cycle;
    this.frames = frames;
    this.journal = core.journal;
    this.gauge = new JournalGauge(journal, frames, core.id);
    this.doorbell = doorbell;
    this.io = io;
    this.timer = timer;
    this.flushNanos = core.options.flushInterval().toNanos();
    this.durableEnd = start;
  }

  String name() {
    return core.name;
  }

  // The I/O thread's side.

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
    if (core.failure() == null) {
      try {
        step.run(cycle);
      } catch (IOException | RuntimeException | Error e) {
        core.fail(e);
      }
    }
  }

  boolean hasFailed() {
    return core.failure() != null;
  }

  void takeEnd() {
    endTakenNanos = System.nanoTime();
    step(FlushCycle::takeEnd);
  }

  /** Whether this cycle wrote all that it had to. */
  boolean isWritten() {
    return !hasFailed() && !cycle.isFull();
  }

  void completeCycle(boolean whole) {
    step(c -> complete(c, whole));
    core.counters.flushes.increment();
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
    core.clock(core.time.wallMillis());
    if (journal != null) {
      raiseCeiling();
      checkSpace(journal);
      gauge.look();
    }
    core.window.skipAsides();
    activated = false;
    doorbell.ioWaits();
    // After the announcement: what came before it is seen here, what comes after it wakes this
    // thread.
    active =
        cycle.hasAcks()
            || durableEnd != core.ring.tail()
            || (journal != null && (core.window.isAwaited() || journal.isFull()));
    // Announced first, looked second: see Window.finish.
    VarHandle.fullFence();
    if (core.window.hasAcks()) {
      active = true;
    }
  }

  /** Producers may run so far ahead of what is durable. */
  void raiseCeiling() {
    core.window.ceiling(durableEnd + Recovery.POSITION_JUMP / 2);
  }

  private void checkSpace(Journal on) throws IOException {
    boolean withoutSpare = on.isFull() && !on.retrySpace();
    if (cycle.isFull() || withoutSpare) {
      closeForSpace();
    } else {
      core.admission.reopen(Refusal.DISK_FULL);
    }
  }

  /** Invariant 8: until there is a segment besides the reserve, producers are kept out of it. */
  void closeForSpace() {
    core.admission.close(
        Refusal.DISK_FULL, "the disk has no room for another journal segment", null);
  }

  /** Whether this queue takes part in the next cycle. */
  boolean isMoving() {
    return (active || activated) && !hasFailed();
  }

  /** Whether jobs wait in the ring that no worker has taken. */
  boolean hasUnread() {
    return isMoving() && core.ring.hasUnread();
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

  /**
   * A copy of the frame at {@code position}, or null if the job is finished. I/O thread only.
   *
   * @throws IllegalStateException if the queue is closed
   */
  byte @Nullable [] frameOrNull(long position) throws IOException {
    if (closed) {
      throw new IllegalStateException("queue " + name() + " is closed");
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
      if (!hasFailed()) {
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
              + name()
              + " is closed, but the disk has no room for all of it: the rest is in the ring, which"
              + " survives the end of the process and not the death of the machine. Free some space"
              + " and open it again",
          new IOException("disk full"));
    }
    if (durableEnd == core.ring.tail()) {
      last.appendClosed();
      last.force();
    }
  }

  // Everyone's side.

  /** The queue is no longer idle. */
  void activate() {
    if (!active) {
      activatedNanos = System.nanoTime();
    }
    activated = true;
    io.wake();
  }

  /** Has cycles go on, if none would come. */
  void goOn() {
    if (!active && !activated) {
      activate();
    }
  }

  /** Has a cycle begin at once. */
  void hurry() {
    activated = true;
    io.hurry();
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

  /** As of the last cycle. */
  JournalFigures journalFigures(long nowMillis) {
    return gauge.figures(nowMillis);
  }
}
