package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Row "Ring.tail": a compare-and-set gives each claim bytes of its own. */
@JCStressTest
@Outcome(id = "11", expect = Expect.ACCEPTABLE, desc = "Both jobs are there and whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One job lies in the other, or is gone.")
@State
public class ProducersGetTheirOwnPlaces {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();

  @Actor
  public void producer() {
    scene.append(scene.writer, 1, 30);
  }

  @Actor
  public void otherProducer() {
    scene.append(scene.otherWriter, 2, 90);
  }

  @Arbiter
  public void left(I_Result r) {
    r.r1 = scene.rest();
  }
}
