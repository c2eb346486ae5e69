package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Row "Ring.head": what is written may leave the ring for the backlog while workers take from it.
 */
@JCStressTest
@Outcome(
    id = "1, 1, 0",
    expect = Expect.ACCEPTABLE,
    desc = "The worker got the first job, the backlog the second.")
@Outcome(id = "0, 2, 0", expect = Expect.ACCEPTABLE, desc = "The backlog got both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A job went both ways, or none.")
@State
public class JobGoesToAWorkerOrToTheBacklog {
  private static final Scene.Pool POOL = new Scene.Pool(true);
  private final Scene scene = POOL.borrow();

  public JobGoesToAWorkerOrToTheBacklog() {
    scene.append(scene.writer, 1, 30);
    scene.append(scene.writer, 1, 30);
    scene.cycle();
  }

  @Actor
  public void worker(III_Result r) {
    r.r1 = scene.take(1);
  }

  @Actor
  public void cycle(III_Result r) {
    Ring.Passed passed = scene.sweep.pass();
    r.r2 = passed == null ? 0 : (int) passed.jobs();
    if (passed != null) {
      scene.window.finish(passed.from(), passed.to());
    }
  }

  @Arbiter
  public void left(III_Result r) {
    if (r.r1 > 0) {
      scene.finish();
    }
    r.r3 = scene.rest();
  }
}
