package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "Sweep.position, end, asides, elided", invariant 3: a cycle that leaves a finished job out
 * has its retry before its end.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Neither: the job is written once more.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The copy already, the ack not yet.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The ack without the copy: the job would be lost.")
@State
public class CopyIsWrittenBeforeItsAck {
  private static final Scene.Pool POOL = new Scene.Pool(true);
  private final Scene scene = POOL.borrow();
  private final long original;
  private long copy;
  private long end;

  public CopyIsWrittenBeforeItsAck() {
    original = scene.append(scene.writer, 1, 30);
    scene.take(1);
  }

  @Actor
  public void worker() {
    scene.writer.delayed(Payload.of(2, 30), Long.MAX_VALUE, 0);
    copy = scene.ring.appendReserved(scene.writer);
    while (copy == Ring.NO_ROOM) {
      scene.window.makeRoom(scene.writer.alignedLength(), true);
      copy = scene.ring.appendReserved(scene.writer);
    }
    scene.finish();
  }

  @Actor
  public void cycle(II_Result r) {
    scene.sweep.drain();
    scene.sweep.takeEnd();
    end = scene.sweep.end();
    boolean[] offered = {false};
    while (!scene.sweep.advance(
        (memory, offset, length, position, kind) -> {
          offered[0] |= position == original;
          return true;
        })) {
      Thread.onSpinWait();
    }
    scene.sweep.written();
    r.r1 = offered[0] ? 1 : 0;
  }

  @Arbiter
  public void left(II_Result r) {
    r.r2 = copy < end ? 1 : 0;
    scene.rest();
  }
}
