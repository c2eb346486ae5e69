package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Rows "Window.lock and what it guards" and "Sweep.position, end, asides, elided", invariant 5: a
 * job that finishes while a cycle writes it is acked in the next.
 */
@JCStressTest
@Outcome(
    id = "0, 1",
    expect = Expect.ACCEPTABLE,
    desc = "Finished before the cycle began: not written.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Written, and its ack follows.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Written, and never acked: it would be delivered again.")
@State
public class AckOutlivesItsJob {
  private static final Scene.Pool POOL = new Scene.Pool(true);
  private final Scene scene = POOL.borrow();
  private final long job;

  public AckOutlivesItsJob() {
    job = scene.append(scene.writer, 1, 30);
    scene.take(1);
    scene.sweep.drain();
  }

  @Actor
  public void worker() {
    scene.finish();
  }

  @Actor
  public void cycle(II_Result r) {
    scene.sweep.drain();
    scene.sweep.takeEnd();
    scene.sweep.advance(
        (memory, offset, length, position, kind) -> {
          r.r1 |= position == job ? 1 : 0;
          return true;
        });
    scene.sweep.written();
  }

  @Arbiter
  public void left(II_Result r) {
    r.r2 = scene.sweep.drain().firstUncovered(job) > job ? 1 : 0;
    scene.rest();
  }
}
