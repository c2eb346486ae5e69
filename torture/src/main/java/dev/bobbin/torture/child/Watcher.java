package dev.bobbin.torture.child;

import dev.bobbin.JobQueue;
import dev.bobbin.QueueStatus;
import dev.bobbin.QueueStatus.DurabilityFigures;
import dev.bobbin.torture.oracle.Log;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes down up to where jobs and outcomes are on disk, by what the status says. It only looks.
 *
 * <p>Outcomes: when three more flush cycles are complete, the second of them began after the first
 * look and took in every outcome that had been carried out by then; the third one wrote them.
 */
final class Watcher implements Runnable {
  private static final int RECORDS = 1_000_000;
  private static final long LOOK_NANOS = 5_000_000;
  private static final int CYCLES = 3;

  private final Child child;
  private final JobQueue<?> queue;
  private final Log log;
  private long markMillis;
  private long markFlushes = -1;

  Watcher(Child child, JobQueue<?> queue) {
    this.child = child;
    this.queue = queue;
    this.log = child.log(Log.Kind.WATCH, RECORDS);
  }

  @Override
  public void run() {
    while (!child.isStopping() && !child.hasFailed() && !log.isFull()) {
      look();
      LockSupport.parkNanos(LOOK_NANOS);
    }
    if (child.hasFailed()) {
      log.failed();
    }
  }

  private void look() {
    long nowMillis = System.currentTimeMillis();
    QueueStatus status = queue.status();
    DurabilityFigures durability = status.durability();
    if (status.failure().isPresent()) {
      child.sawFailure(status.failure().get());
      return;
    }
    log.durable(nowMillis - durability.notDurableFor().toMillis() - 1);
    if (markFlushes >= 0 && durability.flushes() >= markFlushes + CYCLES && !child.hasBeenFull()) {
      log.flushed(markMillis);
      markFlushes = -1;
    }
    if (markFlushes < 0) {
      markMillis = nowMillis;
      markFlushes = durability.flushes();
    }
  }
}
