package dev.bobbin.internal.local;

import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Row "Idleness.waiting": whoever waits for a queue to have nothing to do does not miss the moment.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Saw it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Waited on although the queue was idle.")
@State
public class IdleMomentIsSeen {
  private volatile boolean idle;
  private final Idleness idleness = new Idleness(() -> idle);

  @Actor
  public void worker() {
    idle = true;
    idleness.mayHaveCome();
  }

  @Actor
  public void user(I_Result r) {
    try {
      r.r1 = idleness.await(() -> false, Scene.TOO_LONG_NANOS) ? 1 : 0;
    } catch (InterruptedException e) {
      r.r1 = -1;
    }
  }
}
