package dev.bobbin.internal.watch;

import static dev.bobbin.internal.watch.Words.count;
import static dev.bobbin.internal.watch.Words.percent;
import static dev.bobbin.internal.watch.Words.rate;
import static dev.bobbin.internal.watch.Words.say;
import static dev.bobbin.internal.watch.Words.time;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.bobbin.Verdict.Kind;
import dev.bobbin.internal.watch.GroupGauge.Group;
import dev.bobbin.internal.watch.Sample.Room;
import java.util.Comparator;
import java.util.List;

/**
 * What may be wrong with a queue, and when it is. Rates and shares are those of about the last ten
 * seconds; docs/operating/verdicts.md explains each threshold.
 */
final class Rules {
  /** Less than this many seconds' worth of work waiting is no backlog. */
  private static final double MIN_LAG_SECONDS = 5;

  private static final long MIN_LAG_JOBS = 100;
  private static final long MIN_FAILED = 10;

  private Rules() {}

  /** All of them; each judge needs its own. */
  static List<Rule> all() {
    return List.of(
        failed(),
        full(),
        slowDisk(),
        paused(),
        fallingBehind(),
        stuckWorker(),
        noWorkers(),
        retrySpike(),
        new SlowWorkers(),
        draining());
  }

  private static Rule failed() {
    return new Rule.Plain(
        Kind.FAILED,
        0,
        0,
        t -> t.to().failure() != null,
        t -> t.to().failure() != null,
        t -> "failed: " + t.to().failure() + "; open the queue again to recover it");
  }

  private static Rule full() {
    return new Rule.Plain(
        Kind.FULL,
        0,
        SECONDS.toNanos(30),
        t -> isRefusing(t) || t.waiting() >= 0.5,
        t -> isRefusing(t) || t.waiting() >= 0.1,
        Rules::fullOf);
  }

  private static boolean isRefusing(Trend t) {
    Room room = t.to().room();
    return t.to().disk().full()
        || room.dead() >= room.maxDead()
        || t.grown(s -> s.room().refusedForJobs() + s.room().refusedForBytes()) > 0;
  }

  private static String fullOf(Trend t) {
    Room room = t.to().room();
    if (t.to().disk().full()) {
      return "full: the disk has no room for another journal segment";
    } else if (room.dead() >= room.maxDead()) {
      return say("full: %,d dead letters are as many as are kept, workers pause", room.dead());
    }
    long refused = t.grown(s -> s.room().refusedForJobs() + s.room().refusedForBytes());
    return say(
        "full: %s; over the last %s %s refused and %.1f producers waiting",
        limit(t, refused), seconds(t), count(refused, "submit was", "submits were"), t.waiting());
  }

  private static String limit(Trend t, long refused) {
    Room room = t.to().room();
    boolean jobs =
        t.grown(s -> s.room().refusedForJobs()) > 0
            || (refused == 0 && t.to().flow().unfinished() >= room.maxJobs());
    if (jobs) {
      return say("the limit of %,d unfinished jobs is reached", room.maxJobs());
    }
    return room.bytes() >= 0.9 * room.maxBytes()
        ? say("unfinished jobs take up the limit of %,d bytes", room.maxBytes())
        : say("%,d bytes of unfinished jobs leave no room in the ring", room.bytes());
  }

  private static Rule slowDisk() {
    return new Rule.Plain(
        Kind.SLOW_DISK,
        SECONDS.toNanos(3),
        SECONDS.toNanos(30),
        t -> t.slowDisk() >= 0.3 || t.grown(s -> s.disk().refused()) > 0,
        t -> t.slowDisk() >= 0.1 || t.grown(s -> s.disk().refused()) > 0,
        t ->
            say(
                "slow disk: %s of the time went into flushes of %s and more; flush p99 %s",
                percent(Math.min(1, t.slowDisk())),
                time(FlushGauge.SLOW_NANOS),
                time(t.to().disk().p99Nanos())));
  }

  private static Rule paused() {
    return new Rule.Plain(
        Kind.PAUSED,
        0,
        0,
        t -> t.to().paused(),
        t -> t.to().paused(),
        t -> say("paused: %s ready", count(t.to().flow().ready(), "job is", "jobs are")));
  }

  private static Rule draining() {
    return new Rule.Plain(
        Kind.DRAINING,
        0,
        0,
        t -> t.to().draining(),
        t -> t.to().draining(),
        t -> say("draining: %s left", count(t.to().flow().unfinished(), "job", "jobs")));
  }

  private static Rule fallingBehind() {
    return new Rule.Plain(
        Kind.FALLING_BEHIND,
        SECONDS.toNanos(15),
        SECONDS.toNanos(20),
        t -> isBehind(t) && (t.out() < 0.9 * t.in() || isFullWithin(t, HOURS.toNanos(1))),
        t -> isBehind(t) && (t.out() < 0.97 * t.in() || isFullWithin(t, HOURS.toNanos(2))),
        Rules::behind);
  }

  /** Enough jobs wait, and they become more. */
  private static boolean isBehind(Trend t) {
    return t.out() < 0.99 * t.in()
        && t.to().flow().ready() >= MIN_LAG_JOBS
        && t.lagSeconds() >= MIN_LAG_SECONDS;
  }

  private static boolean isFullWithin(Trend t, long nanos) {
    return t.fullInNanos().orElse(Long.MAX_VALUE) <= nanos;
  }

  private static String behind(Trend t) {
    String full = t.fullInNanos().isPresent() ? "full in " + time(t.fullInNanos().getAsLong()) : "";
    return say(
        "falling behind: %s jobs/s in, %s out; %s%s",
        rate(t.in()), rate(t.out()), full.isEmpty() ? "" : full + "; ", crew(t.to().groups()));
  }

  private static String crew(List<Group> groups) {
    int workers = groups.stream().mapToInt(Group::workers).sum();
    int idle = groups.stream().mapToInt(Group::idle).sum();
    return workers == 0 ? "no worker runs" : say("%d of %d workers busy", workers - idle, workers);
  }

  private static Rule stuckWorker() {
    return new Rule.Plain(
        Kind.STUCK_WORKER,
        0,
        SECONDS.toNanos(5),
        t -> t.to().groups().stream().anyMatch(Rules::isStuck),
        t -> t.to().groups().stream().anyMatch(Rules::isStuck),
        t -> {
          Group group =
              t.to().groups().stream()
                  .filter(Rules::isStuck)
                  .max(Comparator.comparingLong(Group::longestNanos))
                  .orElseThrow();
          return say(
              "stuck worker: one of %s has held its batch for %s, its lease is %s",
              group.handler(), time(group.longestNanos()), time(group.leaseNanos()));
        });
  }

  private static boolean isStuck(Group group) {
    return group.longestNanos() > group.leaseNanos();
  }

  private static Rule noWorkers() {
    return new Rule.Plain(
        Kind.NO_WORKERS,
        SECONDS.toNanos(10),
        0,
        Rules::hasNoWorkers,
        Rules::hasNoWorkers,
        t ->
            say(
                "no worker runs, and %s",
                count(t.to().flow().ready(), "job is ready", "jobs are ready")));
  }

  /** Jobs wait and none has been taken for a while: somebody who pulls is a worker, too. */
  private static boolean hasNoWorkers(Trend t) {
    return t.to().flow().ready() > 0
        && t.to().flow().inFlight() == 0
        && t.grown(s -> s.flow().taken()) == 0
        && t.to().groups().stream().mapToInt(Group::workers).sum() == 0;
  }

  private static Rule retrySpike() {
    return new Rule.Plain(
        Kind.RETRY_SPIKE,
        SECONDS.toNanos(2),
        SECONDS.toNanos(60),
        t -> t.failed() >= MIN_FAILED && t.retryRatio() >= 0.2,
        t -> t.failed() > 0 && t.retryRatio() >= 0.1,
        t ->
            say(
                "retry spike: %s of deliveries failed in the last %s (%,d of %,d)%s",
                percent(t.retryRatio()),
                seconds(t),
                t.failed(),
                t.delivered(),
                t.to().topError() == null ? "" : "; most often " + t.to().topError()));
  }

  private static String seconds(Trend t) {
    return time(Math.max(SECONDS.toNanos(1), t.to().nanos() - t.from().nanos()));
  }
}
