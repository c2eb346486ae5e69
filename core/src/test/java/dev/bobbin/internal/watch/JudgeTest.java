package dev.bobbin.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Verdict;
import dev.bobbin.Verdict.Finding;
import dev.bobbin.Verdict.Kind;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each verdict on a made-up load: when it is entered, that it stays, when it is left. */
class JudgeTest {
  private final Load load = new Load();

  private static void is(Verdict verdict, Kind kind) {
    assertThat(verdict.kind()).as(verdict.toString()).isEqualTo(kind);
  }

  @Test
  void steadyLoadIsHealthyAndSaysItsFigures() {
    load.second(5_000, 0);
    Verdict verdict = load.seconds(30, 12_300, 12_300);
    is(verdict, Kind.HEALTHY);
    assertThat(verdict.reason())
        .isEqualTo("keeping up: 12,300 jobs/s in, 12,300 out, 5,000 jobs ready");
    assertThat(verdict.since()).isEqualTo(java.time.Instant.ofEpochMilli(Load.START_MILLIS));
    assertThat(verdict.also()).isEmpty();
  }

  @Test
  void idleQueueIsHealthy() {
    load.delayed = 3;
    load.second(3, 0);
    Verdict verdict = load.seconds(20, 0, 0);
    is(verdict, Kind.HEALTHY);
    assertThat(verdict.reason()).isEqualTo("idle: 3 unfinished jobs");
  }

  // FALLING_BEHIND

  @Test
  void fallingBehindIsEnteredStaysAndIsLeft() {
    load.maxJobs = 2_000_000;
    is(load.seconds(10, 8_000, 8_000), Kind.HEALTHY);
    is(load.seconds(12, 12_300, 8_100), Kind.HEALTHY);
    Verdict behind = load.seconds(15, 12_300, 8_100);
    is(behind, Kind.FALLING_BEHIND);
    // 2,000,000 less 27 times 4,200, at 4,200 a second.
    assertThat(behind.reason())
        .isEqualTo(
            "falling behind: 12,300 jobs/s in, 8,100 out; full in 7 min 29 s; 4 of 4 workers busy");
    is(load.seconds(20, 12_300, 12_000), Kind.FALLING_BEHIND);
    // The backlog stands, but does not grow.
    is(load.seconds(40, 9_000, 9_100), Kind.HEALTHY);
    assertThat(load.changes()).isEqualTo(2);
  }

  @Test
  void shortBurstIsNotFallingBehind() {
    load.seconds(10, 1_000, 1_000);
    load.seconds(2, 30_000, 10_000);
    load.seconds(60, 1_000, 10_000);
    assertThat(load.kinds).containsOnly(Kind.HEALTHY);
  }

  @Test
  void smallBacklogIsNotFallingBehind() {
    load.seconds(200, 1_000, 980);
    assertThat(load.kinds).as("4,000 jobs are four seconds' worth").containsOnly(Kind.HEALTHY);
  }

  @Test
  void slowGrowthCountsWhenItLeadsToTheLimitWithinTheHour() {
    load.maxJobs = 150_000;
    Verdict verdict = load.seconds(400, 1_000, 960);
    is(verdict, Kind.FALLING_BEHIND);
    assertThat(verdict.reason()).contains("full in 55 min");
  }

  @Test
  void noisyBalancedLoadDoesNotFlap() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    load.second(20_000, 0);
    for (int i = 0; i < 1_000; i++) {
      load.second(1_000 + random.nextInt(400) - 200, 1_000 + random.nextInt(400) - 200);
    }
    // Ten minutes of noise of a fifth may pass for falling behind once; it must not flicker.
    assertThat(load.changes()).as("seed %d", seed).isLessThanOrEqualTo(4);
  }

  @Test
  void noisyOverloadIsFallingBehindThroughout() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      load.second(1_500 + random.nextInt(1_000) - 500, 1_000 + random.nextInt(1_000) - 500);
    }
    assertThat(load.kinds.get(299)).as("seed %d", seed).isEqualTo(Kind.FALLING_BEHIND);
    assertThat(load.changes()).as("seed %d", seed).isEqualTo(1);
  }

  // SLOW_WORKERS

  @Test
  void handlersThatBecomeSlowAreReportedWithTheirHandler() {
    load.second(10_000, 0);
    load.handlerMillis = 2;
    is(load.seconds(60, 1_000, 1_000), Kind.HEALTHY);
    load.handlerMillis = 40;
    Verdict slow = load.seconds(20, 1_000, 1_000);
    is(slow, Kind.SLOW_WORKERS);
    assertThat(slow.reason())
        .contains("com.example.Mailer takes 40 ms a job", "p99 80 ms", "10,000 jobs wait")
        .containsPattern("usually 2 ms");
    is(load.seconds(60, 1_000, 1_000), Kind.SLOW_WORKERS);
    load.handlerMillis = 3;
    is(load.seconds(60, 1_000, 1_000), Kind.HEALTHY);
    assertThat(load.changes()).isEqualTo(2);
  }

  @Test
  void handlersThatWereAlwaysSlowAreNotReported() {
    load.second(10_000, 0);
    load.handlerMillis = 900;
    load.seconds(200, 4, 4);
    assertThat(load.kinds).containsOnly(Kind.HEALTHY);
  }

  @Test
  void slowHandlersWithNothingWaitingAreNotReported() {
    load.handlerMillis = 2;
    load.seconds(60, 100, 100);
    load.handlerMillis = 40;
    load.seconds(60, 100, 100);
    assertThat(load.kinds).containsOnly(Kind.HEALTHY);
  }

  @Test
  void handlerTimesThatVaryDoNotFlap() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    load.second(10_000, 0);
    for (int i = 0; i < 600; i++) {
      load.handlerMillis = 2 + random.nextDouble() * 6;
      load.second(1_000, 1_000);
    }
    assertThat(load.kinds).as("seed %d", seed).containsOnly(Kind.HEALTHY);
  }

  @Test
  void lastingChangeOfTheHandlersTimeBecomesUsualInTime() {
    load.second(10_000, 0);
    load.handlerMillis = 2;
    load.seconds(300, 1_000, 1_000);
    load.handlerMillis = 10;
    is(load.seconds(600, 1_000, 1_000), Kind.SLOW_WORKERS);
    Verdict later = load.second(1_000, 1_000);
    for (int i = 0; i < 6 * 240; i++) {
      load.gap(9);
      later = load.second(1_000, 1_000);
    }
    is(later, Kind.HEALTHY);
  }

  @Test
  void handlerThatHasNotReturnedYetCountsWithTheTimeItHasTaken() {
    load.second(10_000, 0);
    load.handlerMillis = 2;
    load.seconds(60, 1_000, 1_000);
    load.inFlight = 4;
    Verdict verdict = load.second(0, 0);
    for (int i = 0; i < 20; i++) {
      load.spend(4);
      verdict = load.second(0, 0);
    }
    is(verdict, Kind.SLOW_WORKERS);
  }

  // RETRY_SPIKE

  @Test
  void retrySpikeIsEnteredWithItsErrorStaysAndIsLeft() {
    is(load.seconds(20, 1_000, 1_000), Kind.HEALTHY);
    load.topError = "java.net.ConnectException: Connection refused";
    Verdict spike = load.failing(0).second(1_000, 1_000);
    for (int i = 0; i < 10; i++) {
      spike = load.failing(500).second(1_000, 500);
    }
    is(spike, Kind.RETRY_SPIKE);
    assertThat(spike.reason())
        .isEqualTo(
            "retry spike: 50 % of deliveries failed in the last 10 s (5,000 of 10,000); most often"
                + " java.net.ConnectException: Connection refused");
    is(load.seconds(60, 1_000, 1_000), Kind.RETRY_SPIKE);
    is(load.seconds(20, 1_000, 1_000), Kind.HEALTHY);
  }

  @Test
  void retriesThatComeInWavesAreOneSpike() {
    load.seconds(20, 100, 100);
    for (int wave = 0; wave < 6; wave++) {
      load.failing(1_000).second(100, 100);
      load.seconds(39, 0, 0);
    }
    assertThat(load.changes()).isEqualTo(1);
    assertThat(load.kinds.get(load.kinds.size() - 1)).isEqualTo(Kind.RETRY_SPIKE);
  }

  @Test
  void fewFailuresAreNoSpike() {
    for (int i = 0; i < 300; i++) {
      load.failing(i % 2).second(100, 100);
    }
    assertThat(load.kinds).containsOnly(Kind.HEALTHY);
  }

  @Test
  void failureRateAroundTheThresholdDoesNotFlap() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 600; i++) {
      load.failing(150 + random.nextInt(200)).second(1_000, 1_000);
    }
    assertThat(load.changes()).as("seed %d", seed).isLessThanOrEqualTo(1);
  }

  // SLOW_DISK

  @Test
  void slowDiskIsEnteredStaysAndIsLeft() {
    load.seconds(20, 1_000, 1_000);
    load.flushP99Nanos = 740_000_000;
    for (int i = 0; i < 12; i++) {
      load.slowFlushes(0.9).second(1_000, 1_000);
    }
    Verdict verdict = load.slowFlushes(0.9).second(1_000, 1_000);
    is(verdict, Kind.SLOW_DISK);
    assertThat(verdict.reason())
        .isEqualTo(
            "slow disk: 90 % of the time went into flushes of 250 ms and more; flush p99 740 ms");
    is(load.seconds(30, 1_000, 1_000), Kind.SLOW_DISK);
    is(load.seconds(15, 1_000, 1_000), Kind.HEALTHY);
  }

  @Test
  void oneSlowFlushIsNoSlowDisk() {
    for (int i = 0; i < 600; i++) {
      load.slowFlushes(i % 20 == 0 ? 1.5 : 0).second(1_000, 1_000);
    }
    assertThat(load.kinds).containsOnly(Kind.HEALTHY);
  }

  @Test
  void diskThatStallsNowAndThenDoesNotFlap() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 600; i++) {
      load.slowFlushes(random.nextDouble() * 0.8).second(1_000, 1_000);
    }
    assertThat(load.changes()).as("seed %d", seed).isLessThanOrEqualTo(1);
  }

  // FULL

  @Test
  void refusalsForTheJobLimitAreFullAtOnceAndForHalfAMinute() {
    load.maxJobs = 1_000;
    load.seconds(10, 100, 0);
    Verdict full = load.refusing(3, 0, 0).second(0, 0);
    is(full, Kind.FULL);
    assertThat(full.reason())
        .isEqualTo(
            "full: the limit of 1,000 unfinished jobs is reached; over the last 10 s 3 submits were"
                + " refused and 0.0 producers waiting");
    is(load.seconds(38, 0, 100), Kind.FULL);
    is(load.seconds(5, 0, 100), Kind.HEALTHY);
  }

  @Test
  void producersThatWaitMeanThatItIsFull() {
    load.maxBytes = 1_000_000;
    load.second(10_000, 0);
    Verdict full = load.second(0, 0);
    for (int i = 0; i < 10; i++) {
      full = load.waiting(3).second(1_000, 1_000);
    }
    is(full, Kind.FULL);
    assertThat(full.reason())
        .contains("unfinished jobs take up the limit of 1,000,000 bytes", "3.0 producers waiting");
  }

  @Test
  void fullRingIsToldFromTheLimit() {
    load.second(10_000, 0);
    assertThat(load.refusing(0, 1, 0).second(0, 0).reason())
        .contains("1,000,000 bytes of unfinished jobs leave no room in the ring", "1 submit was");
  }

  @Test
  void fullDiskAndTooManyDeadLettersAreFull() {
    load.diskFull = true;
    assertThat(load.second(1, 1).reason())
        .isEqualTo("full: the disk has no room for another journal segment");
    load.diskFull = false;
    load.maxDead = 100;
    load.dead = 100;
    assertThat(load.second(1, 1).reason())
        .isEqualTo("full: 100 dead letters are as many as are kept, workers pause");
    load.dead = 0;
    is(load.seconds(31, 1, 1), Kind.HEALTHY);
  }

  @Test
  void refusalsInBurstsDoNotFlap() {
    load.maxJobs = 1_000;
    load.second(1_000, 0);
    for (int i = 0; i < 600; i++) {
      load.refusing(i % 25 == 0 ? 1 : 0, 0, 0).second(10, 10);
    }
    assertThat(load.changes()).isEqualTo(1);
  }

  // FAILED, STUCK_WORKER, NO_WORKERS, PAUSED, DRAINING

  @Test
  void failureIsSaidAtOnceAndStays() {
    load.failure = new java.io.IOException("Input/output error");
    Verdict failed = load.second(1_000, 0);
    is(failed, Kind.FAILED);
    assertThat(failed.reason())
        .isEqualTo(
            "failed: java.io.IOException: Input/output error; open the queue again to recover it");
    assertThat(failed.since()).isEqualTo(load.now());
    is(load.seconds(1_000, 0, 0), Kind.FAILED);
  }

  @Test
  void workerBeyondItsLeaseIsStuckUntilItReturns() {
    load.leaseNanos = Duration.ofSeconds(30).toNanos();
    load.longestNanos = Duration.ofSeconds(30).toNanos();
    is(load.second(10, 10), Kind.HEALTHY);
    load.longestNanos = Duration.ofSeconds(95).toNanos();
    Verdict stuck = load.second(10, 10);
    is(stuck, Kind.STUCK_WORKER);
    assertThat(stuck.reason())
        .isEqualTo(
            "stuck worker: one of com.example.Mailer has held its batch for 1 min 35 s, its lease is"
                + " 30 s");
    load.longestNanos = 0;
    is(load.seconds(6, 10, 10), Kind.HEALTHY);
  }

  @Test
  void jobsWithoutWorkersAreReportedAfterAWhile() {
    load.workers = 0;
    is(load.seconds(10, 1, 0), Kind.HEALTHY);
    Verdict verdict = load.seconds(5, 1, 0);
    is(verdict, Kind.NO_WORKERS);
    assertThat(verdict.reason()).isEqualTo("no worker runs, and 15 jobs are ready");
    load.workers = 1;
    is(load.second(0, 15), Kind.HEALTHY);
  }

  @Test
  void thoseWhoPullAreWorkersToo() {
    load.workers = 0;
    load.second(1_000, 0);
    load.seconds(60, 10, 10);
    load.inFlight = 5;
    load.seconds(60, 0, 0);
    assertThat(load.kinds).containsOnly(Kind.HEALTHY);
  }

  @Test
  void pausedAndDrainingAreSaidAtOnceAndLeftAtOnce() {
    load.second(7, 0);
    load.paused = true;
    Verdict paused = load.second(0, 0);
    is(paused, Kind.PAUSED);
    assertThat(paused.reason()).isEqualTo("paused: 7 jobs are ready");
    load.paused = false;
    load.draining = true;
    Verdict draining = load.second(0, 0);
    is(draining, Kind.DRAINING);
    assertThat(draining.reason()).isEqualTo("draining: 7 jobs left");
    load.draining = false;
    is(load.second(0, 0), Kind.HEALTHY);
  }

  // Several at once

  @Test
  void mostSevereIsTheVerdictAndTheOthersAreBesideIt() {
    load.maxJobs = 1_000_000;
    load.topError = "timeout";
    Verdict verdict = load.second(0, 0);
    for (int i = 0; i < 30; i++) {
      verdict = load.failing(500).second(1_000, 500);
    }
    is(verdict, Kind.FALLING_BEHIND);
    assertThat(verdict.also()).extracting(Finding::kind).containsExactly(Kind.RETRY_SPIKE);
    load.failure = new IllegalStateException("gone");
    verdict = load.failing(500).second(1_000, 500);
    is(verdict, Kind.FAILED);
    assertThat(verdict.also())
        .extracting(Finding::kind)
        .containsExactly(Kind.FALLING_BEHIND, Kind.RETRY_SPIKE);
  }

  @Test
  void sinceIsKeptWhileTheReasonIsBroughtUpToDate() {
    load.maxJobs = 100_000;
    Verdict first = load.seconds(20, 100, 0);
    Verdict second = load.seconds(5, 100, 0);
    is(second, Kind.FALLING_BEHIND);
    assertThat(second.since()).isEqualTo(first.since());
    assertThat(second.reason()).isNotEqualTo(first.reason());
  }

  @Test
  void longGapBetweenSamplesEndsWhatIsOver() {
    for (int i = 0; i < 10; i++) {
      load.failing(500).second(1_000, 500);
    }
    load.gap(3_600);
    is(load.second(0, 5_000), Kind.HEALTHY);
  }
}
