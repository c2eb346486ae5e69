package dev.bobbin.torture.soak;

import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.torture.soak.Event.Kind;
import dev.bobbin.torture.soak.Event.Wrong;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Takes the jobs of the third queue by leases. One lease in 30 is short and left to end, and some
 * of its jobs are acked too late.
 */
final class Puller implements Runnable {
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final JobQueue<byte[]> queue;
  private final long seed;
  private final Pipe pipe;

  Puller(JobQueue<byte[]> queue, long seed, Pipe pipe) {
    this.queue = queue;
    this.seed = seed;
    this.pipe = pipe;
  }

  @Override
  public void run() {
    try {
      while (true) {
        boolean abandon = ThreadLocalRandom.current().nextInt(30) == 0;
        Lease<byte[]> lease =
            queue.take(Handlers.BATCH, WAIT, abandon ? SHORT : Lease.DEFAULT_TIME);
        if (abandon) {
          leave(lease);
        } else {
          settle(lease);
        }
      }
    } catch (IllegalStateException e) {
      // The queue is closed: what take says then.
    }
  }

  private void settle(Lease<byte[]> lease) {
    lease.renew();
    for (LeasedJob<byte[]> job : lease) {
      long key = Load.keyOf(job.payload());
      Outcome outcome = Load.outcome(seed, key, ThreadLocalRandom.current().nextLong());
      tell(job, key, outcome);
      boolean settled =
          switch (outcome) {
            case RETRY -> job.retry(Handlers.reason(key));
            case SNOOZE -> job.snooze(Duration.ofMillis(key & 255));
            case REJECT -> job.reject(Handlers.reason(key));
            default -> job.ack();
          };
      if (!settled) {
        pipe.undone(key, outcome);
      }
    }
  }

  private void leave(Lease<byte[]> lease) {
    for (LeasedJob<byte[]> job : lease) {
      tell(job, Load.keyOf(job.payload()), Outcome.ABANDON);
    }
    if (lease.isEmpty()) {
      return;
    }
    // The next take may get the same jobs; one of these is acked when others may have it.
    Lease<byte[]> next = queue.take(Handlers.BATCH, WAIT);
    LeasedJob<byte[]> late = lease.job(0);
    long key = Load.keyOf(late.payload());
    pipe.job(Kind.LATE, key, 0);
    pipe.job(late.ack() ? Kind.IN_TIME : Kind.TOO_LATE, key, 0);
    settle(next);
  }

  private void tell(LeasedJob<byte[]> job, long key, Outcome outcome) {
    byte[] payload = job.payload();
    if (!Load.isHeadersOf(job.headers(), seed, key)) {
      pipe.wrong(Wrong.HEADERS, key);
    }
    pipe.bytes(
        Kind.DELIVERED, outcome, job.attempt(), key, job.id().number(), payload, payload.length);
  }
}
