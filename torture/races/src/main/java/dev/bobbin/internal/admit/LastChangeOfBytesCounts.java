package dev.bobbin.internal.admit;

import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Scene;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Row "Admission.outsideBytes": of several changes that bound the ring the last one wins. */
@JCStressTest
@Outcome(
    id = "0, 1",
    expect = Expect.ACCEPTABLE,
    desc = "Refused while 60 KiB were outside, admitted when they had gone.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The bound on the ring is that of an older change.")
@State
public class LastChangeOfBytesCounts {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final Admission admission = Gate.of(scene, Gate.LEAST_BYTES);

  @Actor
  public void worker() {
    admission.outside(50 << 10);
    admission.outside(-(50 << 10));
    admission.outside(40 << 10);
  }

  @Actor
  public void otherWorker() {
    admission.outside(20 << 10);
  }

  @Arbiter
  public void left(II_Result r) {
    r.r1 = fits() ? 1 : 0;
    admission.outside(-(60 << 10));
    r.r2 = fits() ? 1 : 0;
    scene.rest();
  }

  private boolean fits() {
    scene.writer.ready(new byte[5_000], 0);
    return admission.tryAdmit(scene.writer, Way.READY) != Ring.NO_ROOM;
  }
}
