package dev.bobbin.internal.local;

import dev.bobbin.internal.admit.Admission;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Sweep;
import dev.bobbin.internal.ring.Window;

/**
 * Decides when jobs that no worker has taken leave the ring for the {@link Backlog}, and takes them
 * out. A written job may leave the ring before it is forced: the death of the process does not cost
 * what was written, and the death of the machine may cost what was not forced anyhow.
 *
 * <p>While workers get through more than {@link #SLOW_BYTES_PER_SECOND}, producers that fill the
 * ring wait for them: that is no slower than a disk, and spares it. Slower workers, and retries
 * that need the reserve, have the ring cleared. Once there is a backlog, newer jobs follow it, so
 * that the order stays. (docs/decisions/008.)
 *
 * <p>Owned by the I/O thread.
 */
final class Spill {
  private static final long SLOW_BYTES_PER_SECOND = 64 << 20;

  /** A pace is measured over at least this time. */
  private static final long PACE_NANOS = 10_000_000;

  private final Ring ring;
  private final Window window;
  private final Admission admission;
  private final Backlog backlog;
  private final Runnable grown;
  private final boolean possible;
  private long paceSince = System.nanoTime();
  private long paceFrom;
  private boolean slow;
  private boolean spilling;

  /**
   * @param possible whether there is a journal to read jobs back from
   * @param grown is told when jobs have joined the backlog
   */
  Spill(
      Ring ring,
      Window window,
      Admission admission,
      Backlog backlog,
      Runnable grown,
      boolean possible) {
    this.ring = ring;
    this.window = window;
    this.admission = admission;
    this.backlog = backlog;
    this.grown = grown;
    this.possible = possible;
    this.paceFrom = ring.head();
  }

  /** At the beginning of a cycle. */
  void begin() {
    spilling = possible && isNeeded();
  }

  private boolean isNeeded() {
    boolean awaited = window.isAwaited();
    boolean pressed = window.isPressed();
    window.forgetWanted();
    measurePace();
    long unread = ring.tail() - ring.head();
    if (backlog.jobs() > 0 && unread > ring.capacity() / 4) {
      return true;
    }
    // Beyond three quarters retries use the reserve, which must come back.
    boolean reserveInUse = unread > ring.capacity() / 4 * 3L;
    boolean full = unread > ring.capacity() / 2;
    return pressed || (awaited && (reserveInUse || (full && slow)));
  }

  private void measurePace() {
    long now = System.nanoTime();
    long nanos = now - paceSince;
    if (nanos >= PACE_NANOS) {
      long head = ring.head();
      slow = (head - paceFrom) * 1e9 / nanos < SLOW_BYTES_PER_SECOND;
      paceSince = now;
      paceFrom = head;
    }
  }

  /** After a block was written. */
  void after(Sweep sweep) {
    if (!spilling) {
      return;
    }
    // Before the jobs leave the ring, or a worker could take the next ones in between.
    backlog.begin();
    Ring.Passed passed = sweep.pass();
    if (passed != null && passed.jobs() > 0) {
      admission.outside(passed.bytes());
      backlog.add(passed.from(), passed.to(), passed.jobs());
      grown.run();
    }
    backlog.end();
  }
}
