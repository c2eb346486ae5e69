package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Ring.head" and "zeros": the status reads a frame without a mark in the ring, and believes
 * it only if head has not moved on. Meanwhile the frame is taken, zeroed and overwritten.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "There was none.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old job's time.")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "The new job's time.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A time that no job has.")
@State
public class OldestJobIsAJob {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();

  public OldestJobIsAJob() {
    scene.fill(1, 3_000);
  }

  @Actor
  public void lap() {
    scene.take(64);
    scene.finish();
    scene.fill(2, 3_000);
  }

  @Actor
  public void status(I_Result r) {
    long millis = scene.ring.oldestReadyMillis();
    r.r1 = millis == Long.MAX_VALUE ? 0 : (int) (millis - Payload.MILLIS);
  }

  @Arbiter
  public void left() {
    scene.rest();
  }
}
