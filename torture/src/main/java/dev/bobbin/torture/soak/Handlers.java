package dev.bobbin.torture.soak;

import dev.bobbin.Batch;
import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.RawJob;
import dev.bobbin.WorkOptions;
import dev.bobbin.torture.soak.Event.Kind;
import dev.bobbin.torture.soak.Event.Wrong;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The workers of the first two queues. Each step is told before it is taken. */
final class Handlers {
  private static final ThreadLocal<byte[]> BYTES =
      ThreadLocal.withInitial(() -> new byte[Load.MAX_PAYLOAD]);

  /** Most jobs that a worker or a taker has in hand. */
  static final int BATCH = 64;

  private final long seed;
  private final Pipe pipe;

  Handlers(long seed, Pipe pipe) {
    this.seed = seed;
    this.pipe = pipe;
  }

  void start(List<JobQueue<byte[]>> queues) {
    queues.get(0).work(WorkOptions.workers(2).batch(BATCH), this::handle);
    queues.get(1).workBatches(WorkOptions.workers(1).batch(BATCH), this::handle);
    queues.get(1).workRaw(WorkOptions.workers(1).batch(BATCH), this::handle);
  }

  static String reason(long key) {
    return "job " + Long.toHexString(key);
  }

  private Outcome outcome(long key) {
    return Load.outcome(seed, key, ThreadLocalRandom.current().nextLong());
  }

  private void handle(byte[] payload) {
    long key = Load.keyOf(payload);
    Outcome outcome = outcome(key) == Outcome.ACK ? Outcome.ACK : Outcome.RETRY;
    pipe.bytes(Kind.DELIVERED, outcome, 0, key, 0, payload, payload.length);
    if (outcome == Outcome.RETRY) {
      throw new IllegalStateException(reason(key));
    }
  }

  private void handle(Batch<byte[]> batch) {
    for (Job<byte[]> job : batch) {
      byte[] payload = job.payload();
      long key = Load.keyOf(payload);
      if (!Load.isHeadersOf(job.headers(), seed, key)) {
        pipe.wrong(Wrong.HEADERS, key);
      }
      Outcome outcome = outcome(key);
      long id = job.id().number();
      pipe.bytes(Kind.DELIVERED, outcome, job.attempt(), key, id, payload, payload.length);
      switch (outcome) {
        case RETRY -> job.retry(reason(key));
        case SNOOZE -> job.snooze(Duration.ofMillis(key & 255));
        case REJECT -> job.reject(reason(key));
        default -> job.ack();
      }
    }
  }

  private void handle(RawJob job) {
    byte[] payload = BYTES.get();
    job.copyTo(payload, 0);
    long key = Load.keyOf(payload);
    if (!Load.isHeadersOf(job.headers(), seed, key)) {
      pipe.wrong(Wrong.HEADERS, key);
    }
    Outcome outcome = outcome(key) == Outcome.ACK ? Outcome.ACK : Outcome.RETRY;
    pipe.bytes(
        Kind.DELIVERED, outcome, job.attempt(), key, job.id().number(), payload, job.length());
    if (outcome == Outcome.RETRY) {
      throw new IllegalStateException(reason(key));
    }
  }
}
