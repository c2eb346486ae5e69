package dev.bobbin.torture.interrupts;

import dev.bobbin.Batch;
import dev.bobbin.Job;
import dev.bobbin.RawJob;
import dev.bobbin.torture.Report;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Handlers that treat the interrupt flag as badly as they can: they interrupt themselves, leave the
 * flag set, throw, or wait in calls that an interrupt ends. What one does follows from the job's
 * number. Its threads are known, so that others can interrupt them too.
 */
final class Handlers implements ThreadFactory {
  private static final long WAIT_NANOS = 300_000;

  private final Ledger ledger;
  final Report report;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  Handlers(Ledger ledger, Report report) {
    this.ledger = ledger;
    this.report = report;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "bobbin-test-worker");
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  /** Interrupts one of the threads that live, whatever it is at. */
  void interruptOne(int which) {
    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    if (!threads.isEmpty()) {
      threads.get(which % threads.size()).interrupt();
      report.count("interrupts of workers");
    }
  }

  void one(String payload) throws Exception {
    ledger.delivered(payload);
    misbehave(payload);
    ledger.finished(payload);
  }

  void batch(Batch<String> batch) {
    for (Job<String> job : batch) {
      String payload = job.payload();
      ledger.delivered(payload);
      try {
        misbehave(payload);
        if (Ledger.number(payload) % 2 == 0) {
          job.ack();
        }
        ledger.finished(payload);
      } catch (Exception e) {
        giveUp(job);
      }
    }
  }

  private static void giveUp(Job<String> job) {
    switch ((int) (Ledger.number(job.payload()) % 5)) {
      case 0 -> job.retry("failed in a batch");
      case 1 -> job.retry(Duration.ofMillis(2), "failed in a batch");
      case 2 -> job.snooze(Duration.ofMillis(1));
      case 3 -> job.reject("rejected 7");
      default -> job.retry(Duration.ZERO, "failed in a batch");
    }
  }

  void raw(RawJob job) throws Exception {
    byte[] bytes = new byte[job.length()];
    job.copyTo(bytes, 0);
    one(new String(bytes, StandardCharsets.UTF_8));
  }

  private void misbehave(String payload) throws Exception {
    Thread self = Thread.currentThread();
    if (self.isInterrupted()) {
      report.count("handlers that began interrupted");
    }
    switch ((int) (Ledger.number(payload) % 16)) {
      case 0, 1 -> self.interrupt();
      case 2 -> {
        self.interrupt();
        throw new IllegalStateException("with the flag set");
      }
      case 3 -> throw new InterruptedException("of its own making");
      case 4 -> Thread.sleep(1);
      case 5, 6, 7 -> LockSupport.parkNanos(this, WAIT_NANOS);
      default -> {}
    }
  }
}
