package dev.bobbin.internal.admit;

import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Row "Admission.jobs": a producer that waits for a place hears of one that becomes free. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Admitted.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Waited on although there was a place.")
@State
public class FreePlaceIsFound {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final Admission admission = Gate.of(scene, Gate.ONE_JOB);

  public FreePlaceIsFound() {
    Gate.admit(admission, scene.writer, 0);
  }

  @Actor
  public void worker() {
    admission.left(1);
  }

  @Actor
  public void producer(I_Result r) {
    r.r1 = Gate.admit(admission, scene.otherWriter, Scene.TOO_LONG_NANOS) == null ? 1 : 0;
  }

  @Arbiter
  public void left() {
    scene.rest();
  }
}
