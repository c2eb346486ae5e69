package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "Reader.position", proof 2: the ring is full, and the space of the first job is wanted while
 * a worker takes and reads that job.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Whole; there was no room yet.")
@Outcome(
    id = "1, 1",
    expect = Expect.ACCEPTABLE,
    desc = "Whole; its space was used again afterwards.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The job's bytes changed while the worker read them.")
@State
public class SpaceIsNotReusedUnderAReader {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();

  public SpaceIsNotReusedUnderAReader() {
    scene.fill(1, 3_000);
  }

  @Actor
  public void worker(II_Result r) {
    r.r1 = scene.takeToo(1);
  }

  @Actor
  public void producer(II_Result r) {
    r.r2 = scene.append(scene.writer, 2, 3_000) == Ring.NO_ROOM ? 0 : 1;
  }

  @Arbiter
  public void left() {
    scene.finishToo();
    scene.rest();
  }
}
