package dev.bobbin.internal.admit;

import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Admission.closed", "Window.lock and what it guards" and "Window.waiting": a failure reaches
 * a producer that waits for room in the ring.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Refused, with the failure as the reason.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Waited on, or refused for another reason.")
@State
public class FailureWakesWhoWaitsForRoom {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final Admission admission = Gate.of(scene, QueueOptions.defaults());

  public FailureWakesWhoWaitsForRoom() {
    scene.fill(1, 300);
  }

  @Actor
  public void failure() {
    admission.close(Refusal.FAILED, "failed", null);
  }

  @Actor
  public void producer(I_Result r) {
    scene.otherWriter.ready(new byte[300], 0);
    try {
      admission.admit(scene.otherWriter, Way.READY, Scene.TOO_LONG_NANOS);
    } catch (RefusedException e) {
      r.r1 = e.refusal() == Refusal.FAILED ? 1 : 0;
    }
  }

  @Arbiter
  public void left() {
    scene.window.refuse(false);
    scene.rest();
  }
}
