package dev.bobbin.internal.admit;

import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Ring.limit" and "Ring.tail", proof 7: what is admitted lies before the tail that whoever
 * has closed the queue then reads.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The last job admitted was there to be seen.")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "A job came in after the closer had looked for the last one.")
@State
public class NothingIsAdmittedAfterClose {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private static final int TRIES = 16;
  private final Scene scene = POOL.borrow();
  private final Admission admission = Gate.of(scene, QueueOptions.defaults());
  private long last = -1;
  private long end;

  @Actor
  public void producer() {
    scene.writer.ready(new byte[20], 0);
    try {
      for (int i = 0; i < TRIES; i++) {
        last = admission.admit(scene.writer, Way.READY, 0);
      }
    } catch (RefusedException e) {
      // As it is to be from some moment on.
    }
  }

  @Actor
  public void closer() {
    admission.close(Refusal.DRAINING, "drained", null);
    end = scene.ring.tail();
  }

  @Arbiter
  public void left(I_Result r) {
    r.r1 = last < end ? 0 : 1;
    scene.window.refuse(false);
    scene.rest();
  }
}
