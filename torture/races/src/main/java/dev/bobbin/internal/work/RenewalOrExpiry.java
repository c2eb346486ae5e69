package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Row "BatchLease.states, open, deadline": a lease that was renewed has not ended. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Renewed in time.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Ended, and the renewal refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Renewed and ended, or neither.")
@State
public class RenewalOrExpiry {
  private static final long HOUR = 3_600_000_000_000L;
  private final Counter counter = Counter.borrow();
  private final BatchLease lease = counter.lease(1);
  private final long ended = Counter.TIME.nanos() + Counter.LEASE_NANOS + HOUR;

  @Actor
  public void puller(II_Result r) {
    r.r1 = lease.renew(3 * HOUR) ? 1 : 0;
  }

  @Actor
  public void timer() {
    lease.expire(ended);
  }

  @Arbiter
  public void left(II_Result r) {
    int open = lease.unsettled();
    r.r2 = 1 - open;
    lease.close();
    counter.giveBack(0);
  }
}
