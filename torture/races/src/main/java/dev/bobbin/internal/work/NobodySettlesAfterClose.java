package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "Settling.inside": when close() has returned nobody is inside, and what those inside did is
 * seen.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Turned away.")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Was inside, and was waited for.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Somebody was inside after the close.")
@State
public class NobodySettlesAfterClose {
  private final Settling settling = new Settling();
  private int settled;

  @Actor
  public void puller(II_Result r) {
    if (settling.enter()) {
      settled = 1;
      settled = 2;
      r.r1 = 1;
      settling.exit();
    }
  }

  @Actor
  public void closer(II_Result r) {
    settling.close();
    r.r2 = settled;
  }
}
