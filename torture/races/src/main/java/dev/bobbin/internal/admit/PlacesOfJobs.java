package dev.bobbin.internal.admit;

import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Scene;
import org.jetbrains.lincheck.datastructures.Operation;

/** The limit on jobs, reserved and released: a job is refused if and only if there is no place. */
public class PlacesOfJobs {
  static final int PLACES = 2;

  private final Admission admission =
      Gate.of(
          new Scene.Pool(false).borrow(),
          QueueOptions.defaults().withLimits(Limits.DEFAULT.withJobs(PLACES)));

  @Operation
  public boolean admit() {
    Refusal refusal = Gate.admit(admission, new FrameWriter(), 0);
    if (refusal != null && refusal != Refusal.JOB_LIMIT) {
      throw new IllegalStateException("refused for " + refusal);
    }
    return refusal == null;
  }

  /** As if one job more had been there: the count may be below zero. */
  @Operation
  public void left() {
    admission.left(1);
  }

  /** What it is to be: a number. */
  public static class Sequential {
    private int jobs;

    public boolean admit() {
      if (jobs >= PLACES) {
        return false;
      }
      jobs++;
      return true;
    }

    public void left() {
      jobs--;
    }
  }
}
