package dev.bobbin.torture.interrupts;

import static dev.bobbin.torture.interrupts.Call.to;

import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Taking jobs and settling them. */
final class LeaseCalls {
  private LeaseCalls() {}

  static List<Call> all() {
    return List.of(
        to(
            "JobQueue.take(int,Duration); LeasedJob.ack(); Lease.close()",
            (ground, random) ->
                settle(ground, ground.queue().take(4, wait(random)), LeasedJob::ack, true)),
        to(
            "JobQueue.take(int,Duration,Duration); Lease.ackAll()",
            (ground, random) -> ackAll(ground, take(ground, random))),
        to(
            "Lease.close(); Lease.renew(); Lease.renew(Duration); Lease.expiresIn()",
            (ground, random) -> {
              Lease<String> lease = take(ground, random);
              lease.forEach(job -> ground.ledger.delivered(job.payload()));
              lease.renew();
              lease.renew(Duration.ofHours(2));
              lease.expiresIn();
              lease.close();
            }),
        to(
            "LeasedJob.retry(String)",
            (ground, random) ->
                settle(ground, take(ground, random), job -> job.retry("not this time"), false)),
        to(
            "LeasedJob.retry(Duration,String)",
            (ground, random) ->
                settle(
                    ground,
                    take(ground, random),
                    job -> job.retry(Duration.ofMillis(3), "not this time"),
                    false)),
        to(
            "LeasedJob.snooze(Duration)",
            (ground, random) ->
                settle(
                    ground, take(ground, random), job -> job.snooze(Duration.ofMillis(3)), false)),
        to(
            "LeasedJob.reject(String)",
            (ground, random) ->
                settle(ground, take(ground, random), job -> job.reject("never 1"), false)));
  }

  private static Duration wait(SplittableRandom random) {
    // Where there are jobs this takes them, and where there are none it mostly waits for the
    // interrupt.
    return random.nextInt(4) == 0 ? Duration.ZERO : QueueCalls.FOREVER;
  }

  private static Lease<String> take(Ground ground, SplittableRandom random) {
    return ground.queue().take(8, wait(random), Duration.ofHours(1));
  }

  private static void settle(
      Ground ground, Lease<String> lease, Predicate<LeasedJob<String>> outcome, boolean finishes) {
    try (lease) {
      for (LeasedJob<String> job : lease) {
        ground.ledger.delivered(job.payload());
        ground.report.count("jobs settled under a lease");
        if (!outcome.test(job)) {
          ground.report.fault("an outcome was refused though the lease lasts");
        } else if (finishes) {
          ground.ledger.finished(job.payload());
        }
      }
    }
  }

  private static void ackAll(Ground ground, Lease<String> lease) {
    try (lease) {
      lease.forEach(job -> ground.ledger.delivered(job.payload()));
      if (lease.ackAll() != lease.size()) {
        ground.report.fault("ackAll left jobs of a lease that lasts");
      }
      lease.forEach(job -> ground.ledger.finished(job.payload()));
    }
  }
}
