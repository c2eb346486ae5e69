package dev.bobbin.torture.soak;

import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.torture.soak.Event.Kind;
import dev.bobbin.torture.soak.Event.Wrong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Submits the jobs of one queue at a steady pace, until it is stopped or the queue is closed. */
final class Producer implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int SYNC_EVERY = 500;

  private final JobQueue<byte[]> jobs;
  private final int queue;
  private final SoakChild.Orders orders;
  private final Pipe pipe;
  private int number;
  private volatile boolean stopping;

  Producer(JobQueue<byte[]> jobs, int queue, int number, SoakChild.Orders orders, Pipe pipe) {
    this.jobs = jobs;
    this.queue = queue;
    this.number = number;
    this.orders = orders;
    this.pipe = pipe;
  }

  int queue() {
    return queue;
  }

  /** The number after the last job's; to be asked when the thread has ended. */
  int next() {
    return number;
  }

  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    int perTick =
        Math.max(1, (int) (orders.jobsPerSecond() * TICK_NANOS / TimeUnit.SECONDS.toNanos(1)));
    long due = System.nanoTime();
    while (!stopping) {
      for (int i = 0; i < perTick; i++) {
        if (!submit()) {
          return;
        }
      }
      // One that was held up does not make up for it.
      due = Math.max(due + TICK_NANOS, System.nanoTime() - TICK_NANOS);
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  /** Submits one job; returns false if the queue is closed. */
  private boolean submit() {
    long key = Load.key(orders.run(), queue, number++);
    byte[] payload = Load.payload(orders.seed(), key);
    JobOptions options = Load.jobOptions(orders.seed(), key);
    pipe.job(Kind.INTENT, key, 0);
    try {
      JobId id = jobs.submit(payload, options);
      pipe.job(Kind.ACCEPTED, key, id.number());
      if (options.key() != null) {
        submitAgain(payload, options, id, key);
      }
      if (number % SYNC_EVERY == 0) {
        jobs.sync();
      }
      return true;
    } catch (RefusedException e) {
      pipe.job(Kind.REFUSED, key, 0);
      if (e.refusal() == Refusal.CLOSED) {
        return false;
      }
      if (e.refusal() == Refusal.FAILED) {
        throw e;
      }
      return true;
    }
  }

  private void submitAgain(byte[] payload, JobOptions options, JobId id, long key) {
    SubmitResult result = jobs.trySubmit(payload, options);
    boolean known =
        result instanceof SubmitResult.Duplicate duplicate && duplicate.original().equals(id);
    if (!known && !(result instanceof SubmitResult.Refused)) {
      pipe.wrong(Wrong.DUPLICATE, key);
    }
  }
}
