package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Rows "first word of a frame", "other bytes of a frame" and "zeros", and proof 5: frames of 72
 * bytes lap over what was there before, with padding at the ring's end.
 */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Too early for the job.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Took the whole job.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Took what was not published, or lost the job.")
@State
public class PublishedFrameIsWhole {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();

  @Actor
  public void producer() {
    scene.append(scene.writer, 1, 30);
  }

  @Actor
  public void worker(II_Result r) {
    r.r1 = scene.takeToo(1);
    if (r.r1 != 0) {
      scene.finishToo();
    }
  }

  @Arbiter
  public void left(II_Result r) {
    r.r2 = scene.rest();
  }
}
