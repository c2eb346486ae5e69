package dev.bobbin.internal.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Rows "Doorbell.sleepers" and "Sleeper.woken": whoever closes or fails the queue sets that first
 * and then wakes everybody; a worker announces itself first and then looks.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Woken, or never asleep.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Slept on although the queue had ended.")
@State
public class EndWakesASleepingWorker {
  private final Doorbell doorbell = new Doorbell(() -> {});
  private volatile boolean ended;

  @Actor
  public void closer() {
    ended = true;
    doorbell.wakeAllWorkers();
  }

  @Actor
  public void worker(I_Result r) {
    while (!ended) {
      long began = System.nanoTime();
      doorbell.awaitWork(() -> ended, Scene.TOO_LONG_NANOS);
      if (System.nanoTime() - began >= Scene.TOO_LONG_NANOS && ended) {
        r.r1 = 1;
      }
    }
  }
}
