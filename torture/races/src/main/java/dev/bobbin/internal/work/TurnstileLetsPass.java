package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Scene;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Row "Turnstile.closed": whoever waits at the turnstile hears that it was opened, and that
 * something was given back.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Let in.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Waited on although there was something.")
@State
public class TurnstileLetsPass {
  private final Turnstile turnstile = new Turnstile();
  private final AtomicInteger free = new AtomicInteger();
  private final Turnstile.Attempt attempt =
      new Turnstile.Attempt() {
        @Override
        public int enter() {
          return free.get();
        }

        @Override
        public long nanosToNext() {
          return Ticks.NEVER;
        }
      };

  public TurnstileLetsPass() {
    turnstile.pause(true);
  }

  @Actor
  public void opener() {
    turnstile.pause(false);
    free.set(1);
    turnstile.freed();
  }

  @Actor
  public void worker(I_Result r) {
    try {
      r.r1 = turnstile.await(attempt, () -> false, Scene.TOO_LONG_NANOS);
    } catch (InterruptedException e) {
      r.r1 = -1;
    }
  }
}
