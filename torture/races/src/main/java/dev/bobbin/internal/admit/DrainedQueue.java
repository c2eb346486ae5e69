package dev.bobbin.internal.admit;

import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Scene;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Draining and opening again: once {@code drain} has returned nothing comes in any more, and what
 * came in before can be seen; a refusal says the truth about its reason.
 */
public class DrainedQueue {
  private final Scene scene = new Scene.Pool(false).borrow();
  private final Admission admission = Gate.of(scene, QueueOptions.defaults());
  private long taken;

  @Operation
  public String admit() {
    Refusal refusal = Gate.admit(admission, new FrameWriter(), 0);
    return refusal == null ? "admitted" : refusal.name();
  }

  /** Also takes what is there; returns how many jobs that were so far. */
  @Operation
  public synchronized long drain() {
    admission.close(Refusal.DRAINING, "drained", null);
    while (scene.ring.hasUnread()) {
      taken += Gate.jobs(scene);
    }
    return taken;
  }

  /** Not while somebody drains: then the queue may be open again before that has looked. */
  @Operation
  public synchronized void reopen() {
    admission.reopen(Refusal.DRAINING);
  }

  /** What it is to be: open or not. */
  public static class Sequential {
    private long jobs;
    private boolean drained;

    public String admit() {
      if (drained) {
        return "DRAINING";
      }
      jobs++;
      return "admitted";
    }

    public long drain() {
      drained = true;
      return jobs;
    }

    public void reopen() {
      drained = false;
    }
  }
}
