package dev.bobbin.internal.work;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * One lease, renewed and ended: a renewal counts from its return on, and is refused once the lease
 * has ended.
 */
@Param(name = "nanos", gen = IntGen.class, conf = "1:9")
public class TimeOfALease {
  static final int BEGINS_WITH = 5;

  private final BatchLease lease = new Counter(Counter.STILL).lease(1, BEGINS_WITH);

  @Operation
  public boolean renew(@Param(name = "nanos") int nanos) {
    return lease.renew(nanos);
  }

  @Operation
  public void expire(@Param(name = "nanos") int now) {
    lease.expire(now);
  }

  @Operation
  public long nanosLeft() {
    return lease.nanosLeft();
  }

  /** What it is to be: a deadline, until it has come. */
  public static class Sequential {
    private int deadline = BEGINS_WITH;

    public boolean renew(int nanos) {
      if (deadline == 0) {
        return false;
      }
      deadline = nanos;
      return true;
    }

    public void expire(int now) {
      if (deadline <= now) {
        deadline = 0;
      }
    }

    public long nanosLeft() {
      return deadline;
    }
  }
}
