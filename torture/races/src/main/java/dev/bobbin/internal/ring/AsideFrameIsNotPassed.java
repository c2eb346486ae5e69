package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Ring.asides, asidesPlaced", proof 4: in memory, what counts as written does not pass a
 * delayed frame that no cycle has seen.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Everything before the frame, at most.")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "The frame counts as written, and its space may be used again.")
@State
public class AsideFrameIsNotPassed {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private long aside;
  private long written;

  @Actor
  public void producer() {
    scene.writer.delayed(Payload.of(1, 30), Long.MAX_VALUE, 0);
    aside = scene.ring.appendAside(scene.writer);
    if (aside == Ring.NO_ROOM && scene.window.makeRoom(scene.writer.alignedLength(), false)) {
      aside = scene.ring.appendAside(scene.writer);
    }
  }

  @Actor
  public void settler() {
    written = scene.window.locked(() -> scene.window.settlement().written());
  }

  @Arbiter
  public void left(I_Result r) {
    r.r1 = written <= aside ? 0 : 1;
    scene.rest();
  }
}
