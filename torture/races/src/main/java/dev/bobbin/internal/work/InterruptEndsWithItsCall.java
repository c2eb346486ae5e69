package dev.bobbin.internal.work;

import dev.bobbin.internal.time.Time;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "CallGuard.state, since": when a call has ended, no interrupt of its time-out is on its way
 * or set.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "In time.")
@Outcome(
    id = "1, 0",
    expect = Expect.ACCEPTABLE,
    desc = "Interrupted, and the flag is clear again.")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "An interrupt outlived its call, and would hit the next.")
@State
public class InterruptEndsWithItsCall {
  private final CallGuard guard = new CallGuard(Time.system(), 0);
  private volatile Thread worker;

  @Actor
  public void worker(II_Result r) {
    Thread.interrupted();
    guard.begin();
    worker = Thread.currentThread();
    r.r1 = guard.end() ? 1 : 0;
    r.r2 = Thread.interrupted() ? 1 : 0;
  }

  @Actor
  public void timer() {
    Thread seen = worker;
    if (seen != null) {
      guard.check(Long.MAX_VALUE, seen);
    }
  }
}
