package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Rows "entry: stamp" and "Window.reclaimed": with a journal, a job that is neither written nor
 * finished keeps its space.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "No room: the job was unfinished.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "No room yet.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Room, after the job was finished.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The space of an unfinished job was given away.")
@State
public class SpaceComesBackAfterFinish {
  private static final Scene.Pool POOL = new Scene.Pool(true);
  private final Scene scene = POOL.borrow();
  private volatile int finishing;

  public SpaceComesBackAfterFinish() {
    scene.fill(1, 3_000);
    scene.take(64);
  }

  @Actor
  public void worker() {
    finishing = 1;
    scene.finish();
  }

  @Actor
  public void producer(II_Result r) {
    r.r1 = scene.append(scene.writer, 2, 3_000) == Ring.NO_ROOM ? 0 : 1;
    r.r2 = finishing;
  }

  @Arbiter
  public void left() {
    scene.rest();
  }
}
