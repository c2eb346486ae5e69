package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Row "FinishedLog.claimed": each entry has one writer. (The second report covers other positions.)
 */
@JCStressTest
@Outcome(id = "2, 48", expect = Expect.ACCEPTABLE, desc = "Both reports.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One report overwrote the other.")
@State
public class BothReportsAreHeard {
  private final FinishedLog log =
      new FinishedLog(
          ByteBuffer.allocateDirect(4 * FinishedLog.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN), 0);

  @Actor
  public void worker() {
    log.offer(0, 16);
  }

  @Actor
  public void otherWorker() {
    log.offer(16, 48);
  }

  @Arbiter
  public void left(II_Result r) {
    log.drain(
        (from, to) -> {
          r.r1++;
          r.r2 += (int) (to - from);
        });
  }
}
