package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "BatchLease.states, open, deadline", invariant 6: a job whose lease ends is acked or goes to
 * others.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Acked in time.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Taken back, and the ack refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both, or neither.")
@State
public class AckOrExpiry {
  private final Counter counter = Counter.borrow();
  private final BatchLease lease = counter.lease(1);

  @Actor
  public void puller(II_Result r) {
    r.r1 = lease.settle(0, null) ? 1 : 0;
  }

  @Actor
  public void timer() {
    lease.expire(Long.MAX_VALUE);
  }

  @Arbiter
  public void left(II_Result r) {
    r.r2 = counter.giveBack(r.r1);
  }
}
