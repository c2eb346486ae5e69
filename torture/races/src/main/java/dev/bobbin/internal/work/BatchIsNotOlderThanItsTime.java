package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Row "Hold.since": what is read with a state is not older than it. A worker whose time looked too
 * old would lose a batch that it has just begun.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "No batch, or its own time.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A batch with the time of an earlier one.")
@State
public class BatchIsNotOlderThanItsTime {
  private final Hold hold = new Hold();

  public BatchIsNotOlderThanItsTime() {
    hold.begin(1);
    hold.end();
  }

  @Actor
  public void worker() {
    hold.begin(2);
  }

  @Actor
  public void timer(I_Result r) {
    r.r1 = hold.held() != 0 && hold.since() < 2 ? 1 : 0;
  }
}
