package dev.bobbin.internal.admit;

import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Row "Admission.jobs": of two producers one gets the last place. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The first was first.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The second was first.")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "More jobs than the limit allows, or a place that nobody got.")
@State
public class JobLimitIsExact {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final Admission admission = Gate.of(scene, Gate.ONE_JOB);

  @Actor
  public void producer(II_Result r) {
    r.r1 = Gate.admit(admission, scene.writer, 0) == null ? 1 : 0;
  }

  @Actor
  public void otherProducer(II_Result r) {
    r.r2 = Gate.admit(admission, scene.otherWriter, 0) == null ? 1 : 0;
  }

  @Arbiter
  public void left() {
    scene.rest();
  }
}
