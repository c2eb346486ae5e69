package dev.bobbin.internal.admit;

import dev.bobbin.Deduplication;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.ring.Scene;
import dev.bobbin.internal.time.Time;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Row "KeyedAdmission.keys": of two jobs with one key one is admitted, and the other is told of it.
 */
@JCStressTest
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The first was first.")
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The second was first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both or none in the ring, or another job was named.")
@State
public class KeyIsAdmittedOnce {
  private static final Scene.Pool POOL = new Scene.Pool(false);
  private final Scene scene = POOL.borrow();
  private final KeyedAdmission keyed =
      new KeyedAdmission(
          Gate.of(scene, QueueOptions.defaults()), Deduplication.DEFAULT, Time.system());
  private long number;
  private long otherNumber;

  @Actor
  public void producer(III_Result r) {
    KeyedAdmission.Admitted admitted = Gate.admit(keyed, scene.writer);
    r.r1 = admitted.duplicate() ? 1 : 0;
    number = admitted.number();
  }

  @Actor
  public void otherProducer(III_Result r) {
    KeyedAdmission.Admitted admitted = Gate.admit(keyed, scene.otherWriter);
    r.r2 = admitted.duplicate() ? 1 : 0;
    otherNumber = admitted.number();
  }

  @Arbiter
  public void left(III_Result r) {
    r.r3 = number == otherNumber ? Gate.jobs(scene) : -1;
    scene.rest();
  }
}
