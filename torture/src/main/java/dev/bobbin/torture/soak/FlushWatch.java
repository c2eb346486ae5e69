package dev.bobbin.torture.soak;

import dev.bobbin.JobQueue;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells up to where outcomes are on disk. When {@link #CYCLES} more flush cycles are complete, the
 * second of them began after the mark was told and took in every outcome that had been carried out
 * by then; the third one wrote them.
 */
final class FlushWatch implements Runnable {
  private static final long LOOK_NANOS = 20_000_000;
  private static final int CYCLES = 3;

  private final List<? extends JobQueue<?>> queues;
  private final Pipe pipe;

  /** Flushes of each queue when its mark was told; less than zero if there is none. */
  private final long[] marks;

  private volatile boolean stopping;

  FlushWatch(List<? extends JobQueue<?>> queues, Pipe pipe) {
    this.queues = queues;
    this.pipe = pipe;
    marks = new long[queues.size()];
  }

  @Override
  public void run() {
    Arrays.fill(marks, -1);
    while (!stopping) {
      for (int i = 0; i < marks.length; i++) {
        look(i);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void look(int queue) {
    long flushes = queues.get(queue).status().durability().flushes();
    if (marks[queue] >= 0 && flushes >= marks[queue] + CYCLES) {
      pipe.flushed(queue);
      marks[queue] = -1;
    }
    if (marks[queue] < 0) {
      // Asked before the mark is told: what is complete by now did not take in what comes then.
      marks[queue] = queues.get(queue).status().durability().flushes();
      pipe.mark(queue);
    }
  }

  void stop() {
    stopping = true;
  }
}
