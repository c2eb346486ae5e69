package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Rows "Doorbell.waiting" and "Flushing.activated", end of proof 1: the I/O thread that goes idle
 * sees the job, or the producer sees that it has to be woken. The scene has the flag in QueueCore's
 * place.
 */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Too early for the job, so it is woken.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Saw the job.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The job is in the ring, and nobody looks after it.")
@State
public class IdleQueueIsLookedAfter {
  private static final Scene.Pool POOL = new Scene.Pool(true);
  private final Scene scene = POOL.borrow();
  private final long tail = scene.ring.tail();

  @Actor
  public void producer() {
    scene.append(scene.writer, 1, 30);
  }

  @Actor
  public void cycle(II_Result r) {
    scene.activated = false;
    scene.doorbell.ioWaits();
    r.r1 = scene.ring.tail() == tail ? 0 : 1;
  }

  @Arbiter
  public void left(II_Result r) {
    r.r2 = scene.activated ? 1 : 0;
    scene.rest();
  }
}
