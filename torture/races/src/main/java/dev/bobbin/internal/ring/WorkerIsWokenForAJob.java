package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Doorbell.waiting", "Doorbell.sleepers" and "Sleeper.woken", proof 1: no wake-up is lost.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Woken, or never asleep.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Slept on although there was a job.")
@State
public class WorkerIsWokenForAJob {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();

  @Actor
  public void producer() {
    scene.append(scene.writer, 1, 30);
  }

  @Actor
  public void worker(I_Result r) {
    while (!scene.ring.hasUnread()) {
      long began = System.nanoTime();
      scene.doorbell.awaitWork(scene.ring::hasUnread, Scene.TOO_LONG_NANOS);
      if (System.nanoTime() - began >= Scene.TOO_LONG_NANOS && scene.ring.hasUnread()) {
        r.r1 = 1;
      }
    }
  }

  @Arbiter
  public void left() {
    scene.rest();
  }
}
