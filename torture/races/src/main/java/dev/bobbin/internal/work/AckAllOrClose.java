package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "BatchLease.states, open, deadline": of two jobs each is acked by ackAll or handed back by
 * close, and the sum is right.
 */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "All acked.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "One each.")
@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "All handed back.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A job went both ways, or none.")
@State
public class AckAllOrClose {
  private final Counter counter = Counter.borrow();
  private final BatchLease lease = counter.lease(2);

  @Actor
  public void puller(II_Result r) {
    r.r1 = lease.ackAll();
  }

  @Actor
  public void otherPuller() {
    lease.close();
  }

  @Arbiter
  public void left(II_Result r) {
    r.r2 = counter.giveBack(r.r1);
  }
}
