package dev.bobbin.internal.local;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "IoThread.requests" and "IoThread.stopping, ended": a request to a thread that ends is run
 * or refused.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Run.")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something else.")
@State
public class RequestIsAnswered {
  private final IoThread io = Threads.started();

  @Actor
  public void user(I_Result r) {
    try {
      r.r1 = io.call(() -> 1);
    } catch (IllegalStateException e) {
      r.r1 = 2;
    }
  }

  @Actor
  public void closer() {
    io.stop();
  }
}
