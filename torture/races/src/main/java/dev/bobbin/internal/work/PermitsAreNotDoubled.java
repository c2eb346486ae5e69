package dev.bobbin.internal.work;

import dev.bobbin.Throttle;
import dev.bobbin.internal.time.Time;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Row "Meter.permits": of two workers one gets the last permit. */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The first was first.")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The second was first.")
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "One after the other.")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "More in hand than the throttle allows, or a permit lost.")
@State
public class PermitsAreNotDoubled {
  private final Meter meter = Meter.of(Throttle.concurrency(1), Time.system());
  private volatile int inHand;
  private int most;

  @Actor
  public void worker(III_Result r) {
    r.r1 = work();
  }

  @Actor
  public void otherWorker(III_Result r) {
    r.r2 = work();
  }

  private int work() {
    int taken = meter.take(1);
    if (taken > 0) {
      // Not atomic, and right all the same, because there is one permit.
      inHand = inHand + 1;
      most = Math.max(most, inHand);
      inHand = inHand - 1;
      meter.release(taken);
    }
    return taken;
  }

  @Arbiter
  public void left(III_Result r) {
    r.r3 = inHand == 0 && most == 1 ? meter.take(2) : -1;
  }
}
