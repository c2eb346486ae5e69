package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "Attendance.*, LeaseCount, TokenBucket, Expiries": of two deadlines that are entered together
 * the earlier one is the next, and whoever keeps the time is told.
 */
@JCStressTest
@Outcome(id = "10, 1", expect = Expect.ACCEPTABLE, desc = "The earlier one, and told of it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The timing thread would come too late.")
@State
public class BothDeadlinesAreKept {
  private volatile int told;
  private final Expiries expiries = new Expiries(Counter.STILL, () -> told = 1);

  @Actor
  public void puller() {
    expiries.add(20, Counter.NOBODY);
  }

  @Actor
  public void otherPuller() {
    expiries.add(10, Counter.NOBODY);
  }

  @Arbiter
  public void left(II_Result r) {
    r.r1 = (int) expiries.expire();
    r.r2 = told;
  }
}
