package dev.bobbin.internal.work;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Rows "Hold.state" and "Hold.since", invariant 6: the worker settles the batch or the taker has
 * it; what the taker did is seen by the worker that lost it.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The worker settles it.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It was taken away.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both had it, or neither, or it was seen half done.")
@State
public class BatchBelongsToOne {
  private final Hold hold = new Hold();
  private int batch;

  public BatchBelongsToOne() {
    batch = 1;
    hold.begin(5);
  }

  @Actor
  public void worker(II_Result r) {
    hold.runBy(Thread.currentThread());
    boolean mine = hold.end();
    r.r1 = batch != (mine ? 1 : 2) ? -1 : mine ? 1 : 0;
  }

  @Actor
  public void timer(II_Result r) {
    long held = hold.held();
    // A worker is known before it begins; here, only the one that ends has a thread to be woken.
    if (held != 0 && hold.thread() != null && hold.takeAway(held)) {
      r.r2 = hold.since() == 5 ? 1 : -1;
      batch = 2;
      hold.taken();
    }
  }
}
