package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Row "Ring.head", invariant 6: head passes a job once, so one worker holds it. */
@JCStressTest
@Outcome(id = "1, 10, 0", expect = Expect.ACCEPTABLE, desc = "The first worker was first.")
@Outcome(id = "10, 1, 0", expect = Expect.ACCEPTABLE, desc = "The second worker was first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A job went to both workers, or to none.")
@State
public class JobIsTakenOnce {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();

  public JobIsTakenOnce() {
    scene.append(scene.writer, 1, 30);
    scene.append(scene.writer, 2, 30);
  }

  @Actor
  public void worker(III_Result r) {
    r.r1 = scene.take(1);
  }

  @Actor
  public void otherWorker(III_Result r) {
    r.r2 = scene.takeToo(1);
  }

  @Arbiter
  public void left(III_Result r) {
    scene.finish();
    scene.finishToo();
    r.r3 = scene.rest();
  }
}
