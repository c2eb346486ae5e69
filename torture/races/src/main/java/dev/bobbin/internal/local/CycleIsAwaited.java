package dev.bobbin.internal.local;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "IoThread.waiters, Waiter.done", "IoThread.wanted" and "IoThread.woken": whoever waits for a
 * cycle is woken by its end, or by the end of the thread. (A wake-up that is lost stops the test.)
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something else.")
@State
public class CycleIsAwaited {
  private final IoThread io = Threads.started();

  @Actor
  public void user(I_Result r) {
    try {
      io.awaitCycle();
      r.r1 = 1;
    } catch (InterruptedException e) {
      r.r1 = -1;
    }
  }

  @Actor
  public void closer() {
    io.stop();
  }
}
