package dev.bobbin.internal.admit;

import dev.bobbin.Refusal;
import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Admission.closed" and "Admission.jobs": a failure reaches a producer that waits at the job
 * limit.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Refused, with the failure as the reason.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Waited on, or refused for another reason.")
@State
public class FailureWakesWhoWaitsForAPlace {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final Admission admission = Gate.of(scene, Gate.ONE_JOB);

  public FailureWakesWhoWaitsForAPlace() {
    Gate.admit(admission, scene.writer, 0);
  }

  @Actor
  public void failure() {
    admission.close(Refusal.FAILED, "failed", null);
  }

  @Actor
  public void producer(I_Result r) {
    r.r1 = Gate.admit(admission, scene.otherWriter, Scene.TOO_LONG_NANOS) == Refusal.FAILED ? 1 : 0;
  }

  @Arbiter
  public void left() {
    scene.window.refuse(false);
    scene.rest();
  }
}
