package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Row "Tally seats: a count": whoever has seen a job finds it counted. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Neither seen nor counted.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Counted, not seen yet.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Seen and counted.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Seen and not counted: the status would miss a job.")
@State
public class JobIsCountedBeforeItIsSeen {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final long before = scene.ring.appended();

  @Actor
  public void producer() {
    scene.append(scene.writer, 1, 30);
  }

  @Actor
  public void status(II_Result r) {
    r.r1 = scene.takeToo(1);
    r.r2 = (int) (scene.ring.appended() - before);
  }

  @Arbiter
  public void left(II_Result r) {
    if (r.r1 != 0) {
      scene.finishToo();
    }
    scene.rest();
  }
}
