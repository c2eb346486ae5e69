package dev.bobbin.internal.local;

import dev.bobbin.RefusedException;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.local.DeadIndex.Entry;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;

/**
 * Turns dead letters into jobs again, for one call of one thread: as delayed jobs that are due now,
 * which come to the workers like any other.
 *
 * <p>Invariant 3: the copy is in the ring before the letter is reported as finished. A crash in
 * between leaves both, and recovery keeps the newer one. The copy is handed to the workers after
 * that report, so that no ack of it comes before.
 */
final class Revival {
  private final QueueCore core;
  private final FrameWriter writer = new FrameWriter();
  private long revived;

  Revival(QueueCore core) {
    this.core = core;
  }

  /** How many were revived so far. */
  long revived() {
    return revived;
  }

  /** Throws if the queue takes no jobs. */
  void refuseIfClosed() {
    try {
      core.admission.refuseIfClosed();
    } catch (RefusedException e) {
      throw counted(e);
    }
  }

  private RefusedException counted(RefusedException e) {
    return new RefusedException(e.refusal(), e.detail(), e.getCause(), revived);
  }

  /**
   * Revives the letter in {@code frame}, unless somebody else has claimed it.
   *
   * @throws RefusedException if there is no room for the job; the letter stays
   */
  void revive(byte[] frame) {
    Entry entry = core.dead.claim(Frame.position(frame, 0));
    if (entry == null) {
      return;
    }
    long now = core.time.wallMillis();
    writer.revived(frame, 0, now);
    long position;
    try {
      position = core.admission.admit(writer, Way.DELAYED, core.options.submitTimeout().toNanos());
    } catch (RefusedException e) {
      core.dead.giveBack(entry);
      throw counted(e);
    } catch (RuntimeException | Error e) {
      core.dead.giveBack(entry);
      throw e;
    }
    revived++;
    core.counters.entered.increment();
    core.admission.outside(writer.alignedLength());
    // If the queue was closed in between, both are there when it is opened again: the job counts.
    core.dead.finish(entry);
    core.delays.addReady(Frame.priority(frame, 0), now, position);
    core.reported();
  }
}
