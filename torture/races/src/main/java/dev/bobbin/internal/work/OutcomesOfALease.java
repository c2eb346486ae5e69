package dev.bobbin.internal.work;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Two leases on one job each: the first of ack, close and expiry has the job, and every later ack
 * is refused. (A lease on several jobs settles one after the other, and promises no more.)
 */
@Param(name = "lease", gen = IntGen.class, conf = "0:1")
public class OutcomesOfALease {
  private final Counter counter = new Counter();
  private final BatchLease[] leases = {counter.lease(1), counter.lease(1)};

  @Operation
  public boolean ack(@Param(name = "lease") int lease) {
    return leases[lease].settle(0, null);
  }

  @Operation
  public int ackAll(@Param(name = "lease") int lease) {
    return leases[lease].ackAll();
  }

  @Operation
  public void close(@Param(name = "lease") int lease) {
    leases[lease].close();
  }

  @Operation
  public void expire(@Param(name = "lease") int lease) {
    leases[lease].expire(Long.MAX_VALUE);
  }

  /** Each job is acked, handed back or open. */
  @Validate
  public void check() {
    int open = leases[0].unsettled() + leases[1].unsettled();
    if (counter.acked.get() + counter.givenUp.get() + open != 2) {
      throw new IllegalStateException(
          counter.acked + " acked, " + counter.givenUp + " given up, " + open + " open");
    }
  }

  /** What it is to be: each lease has a job, until somebody gets it. */
  public static class Sequential {
    private final boolean[] gone = new boolean[2];

    public boolean ack(int lease) {
      boolean mine = !gone[lease];
      gone[lease] = true;
      return mine;
    }

    public int ackAll(int lease) {
      return ack(lease) ? 1 : 0;
    }

    public void close(int lease) {
      gone[lease] = true;
    }

    public void expire(int lease) {
      gone[lease] = true;
    }
  }
}
