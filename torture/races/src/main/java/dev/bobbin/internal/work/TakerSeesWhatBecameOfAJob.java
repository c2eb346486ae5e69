package dev.bobbin.internal.work;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Row "Hold.progress": whoever takes a batch away and sees a job done sees what became of it. */
@JCStressTest
@Outcome(
    id = "0",
    expect = Expect.ACCEPTABLE,
    desc = "The job was not done, or its outcome was there.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A job done without its outcome.")
@State
public class TakerSeesWhatBecameOfAJob {
  private final Hold hold = new Hold();
  private int outcome;

  public TakerSeesWhatBecameOfAJob() {
    hold.begin(5);
    hold.loaded();
  }

  @Actor
  public void worker() {
    outcome = 1;
    // As JobBatch does for a job that failed.
    VarHandle.releaseFence();
    hold.progress(1);
  }

  @Actor
  public void timer(I_Result r) {
    if (hold.takeAway(hold.held())) {
      r.r1 = hold.progress() == 1 && outcome == 0 ? 1 : 0;
      hold.taken();
    }
  }
}
