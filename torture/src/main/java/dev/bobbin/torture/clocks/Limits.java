package dev.bobbin.torture.clocks;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.QueueOptions;
import dev.bobbin.Throttle;
import dev.bobbin.WorkOptions;
import dev.bobbin.testkit.TestBobbin;
import dev.bobbin.torture.Report;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is a length of time does not see the wall clock: a throttle's rate, a handler's time. */
final class Limits {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);
  private static final int RATE = 10;
  private static final int BURST = 5;
  private static final int STEPS = 12;
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofMinutes(2);

  private Limits() {}

  static void check(Report report, SplittableRandom random) throws InterruptedException {
    try (TestBobbin bobbin = TestBobbin.inMemory()) {
      throttle(bobbin, report, random);
    }
    try (TestBobbin bobbin = TestBobbin.inMemory()) {
      timeout(bobbin, report, random);
    }
  }

  private static void step(TestBobbin bobbin, SplittableRandom random) {
    bobbin.setTime(bobbin.now().plusMillis(random.nextLong(-864_000_000, 864_000_001)));
  }

  private static void throttle(TestBobbin bobbin, Report report, SplittableRandom random) {
    JobQueue<String> queue =
        bobbin.queue("slow", Codec.text(), SMALL.withThrottle(Throttle.rate(RATE).bursting(BURST)));
    for (int i = 0; i < BURST + STEPS * BURST + 1; i++) {
      queue.submit("job");
    }
    take(queue, BURST, report);
    for (int i = 0; i < STEPS && report.isClean(); i++) {
      step(bobbin, random);
      take(queue, 0, report);
      int tokens = random.nextInt(1, BURST + 1);
      bobbin.advance(Duration.ofMillis(tokens * 1000L / RATE));
      take(queue, tokens, report);
    }
  }

  /** Takes exactly so many. */
  private static void take(JobQueue<String> queue, int expected, Report report) {
    int taken = 0;
    boolean empty = false;
    while (!empty && taken <= expected) {
      try (Lease<String> lease =
          queue.take(BURST, taken < expected ? LONG : Duration.ZERO, Lease.DEFAULT_TIME)) {
        taken += lease.ackAll();
        empty = lease.isEmpty();
      }
    }
    report.count("throttled takes");
    if (taken != expected) {
      report.fault("a throttle let " + taken + " jobs pass, expected " + expected);
    }
  }

  private static void timeout(TestBobbin bobbin, Report report, SplittableRandom random)
      throws InterruptedException {
    JobQueue<String> queue = bobbin.queue("timed", Codec.text(), SMALL);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    queue.work(
        WorkOptions.workers(1).timeout(TIMEOUT).lease(Duration.ofDays(1)),
        job -> {
          begun.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        });
    queue.submit("job");
    begun.await();
    for (int i = 0; i < 4; i++) {
      step(bobbin, random);
    }
    bobbin.advance(TIMEOUT.minusMillis(1));
    step(bobbin, random);
    if (interrupted.getCount() == 0) {
      report.fault("a handler was interrupted before its time");
    }
    bobbin.advance(Duration.ofMillis(1));
    report.count("handlers timed out");
    if (!interrupted.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
      report.fault("a handler was not interrupted when its time was over");
      never.countDown();
    }
  }
}
