package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Rows "FinishedLog.drained", "entry: from, to, check" and "entry: stamp": the log is full, so that
 * the report takes the place of an entry that the drain has just read.
 */
@JCStressTest
@Outcome(id = "0, 4, 0", expect = Expect.ACCEPTABLE, desc = "The log was full.")
@Outcome(id = "1, 4, 1", expect = Expect.ACCEPTABLE, desc = "Reported after the drain.")
@Outcome(id = "1, 5, 0", expect = Expect.ACCEPTABLE, desc = "Reported and drained at once.")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "A report was lost, torn or overwritten before it was read.")
@State
public class ReportIsReadWhole {
  private static final int ENTRIES = 4;
  private static final ConcurrentLinkedQueue<ReportLog> POOL = new ConcurrentLinkedQueue<>();

  /** A log whose ranges follow each other, so that any other shows. */
  static final class ReportLog {
    final FinishedLog log =
        new FinishedLog(
            ByteBuffer.allocateDirect(ENTRIES * FinishedLog.ENTRY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN),
            0);
    long next;
    long drained;

    boolean offer() {
      return log.offer(next, next += 8);
    }

    int drain() {
      int[] count = {0};
      log.drain(
          (from, to) -> {
            count[0] += from == drained && to == drained + 8 ? 1 : Scene.TORN;
            drained += 8;
          });
      return count[0];
    }
  }

  private final ReportLog log;

  public ReportIsReadWhole() {
    ReportLog rested = POOL.poll();
    log = rested == null ? new ReportLog() : rested;
    for (int i = 0; i < ENTRIES; i++) {
      log.offer();
    }
  }

  @Actor
  public void worker(III_Result r) {
    r.r1 = log.offer() ? 1 : 0;
  }

  @Actor
  public void cycle(III_Result r) {
    r.r2 = log.drain();
  }

  @Arbiter
  public void left(III_Result r) {
    r.r3 = log.drain();
    log.next = log.drained;
    POOL.add(log);
  }
}
