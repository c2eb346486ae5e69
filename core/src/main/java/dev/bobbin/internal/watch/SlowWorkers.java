package dev.bobbin.internal.watch;

import static dev.bobbin.internal.watch.Words.say;
import static dev.bobbin.internal.watch.Words.time;

import dev.bobbin.Verdict.Kind;
import dev.bobbin.internal.watch.GroupGauge.Group;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handlers that take much longer than they usually do, while jobs wait. What is usual is learned
 * for each group of workers: a mean that follows the handler's time slowly, and more slowly still
 * while the handler is slow, so that a long trouble does not become the rule within minutes but a
 * lasting change does within hours.
 *
 * <p>Times are means over about ten seconds: they decide how much a queue gets done. For the
 * judge's one thread at a time.
 */
final class SlowWorkers implements Rule {
  private static final double ENTER_FACTOR = 4;
  private static final double LEAVE_FACTOR = 2;

  /** Handlers that are faster than this are not slow, whatever is usual. */
  private static final double MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How much must have been seen before anything counts as usual. */
  private static final double MIN_LEARNED_SECONDS = 30;

  private static final double USUAL_SECONDS = 300;
  private static final double SLOW_USUAL_SECONDS = 7_200;

  private Map<Object, Usual> learned = new HashMap<>();
  private @Nullable Group slow;
  private double slowNanos;
  private double usualNanos;
  private long learnedNanos = Long.MIN_VALUE;

  /** What is usual for one group. */
  private static final class Usual {
    double nanos;
    double seconds;
  }

  @Override
  public Kind kind() {
    return Kind.SLOW_WORKERS;
  }

  @Override
  public long enterAfterNanos() {
    return TimeUnit.SECONDS.toNanos(5);
  }

  @Override
  public long leaveAfterNanos() {
    return TimeUnit.SECONDS.toNanos(30);
  }

  @Override
  public boolean enters(Trend trend) {
    return isSlow(trend, ENTER_FACTOR);
  }

  @Override
  public boolean stays(Trend trend) {
    return isSlow(trend, LEAVE_FACTOR);
  }

  @Override
  public String reason(Trend trend) {
    Group group = slow;
    if (group == null) {
      return "";
    }
    return say(
        "slow workers: %s takes %s a job, usually %s (p99 %s), and %s",
        group.handler(),
        time((long) slowNanos),
        time((long) usualNanos),
        time(group.p99Nanos()),
        Words.count(trend.to().flow().ready(), "job waits", "jobs wait"));
  }

  private boolean isSlow(Trend trend, double factor) {
    double seconds = secondsSinceLast(trend.to().nanos());
    Map<Object, Usual> still = new HashMap<>();
    slow = null;
    for (Group group : trend.to().groups()) {
      Usual usual = learned.getOrDefault(group.group(), new Usual());
      still.put(group.group(), usual);
      double nanos = meanNanos(trend, group);
      if (nanos > 0) {
        boolean known = usual.seconds >= MIN_LEARNED_SECONDS;
        if (known && nanos >= MIN_NANOS && nanos >= factor * usual.nanos) {
          if (slow == null || nanos > slowNanos) {
            slow = group;
            slowNanos = nanos;
            usualNanos = usual.nanos;
          }
        }
        learn(usual, nanos, seconds, known && nanos >= LEAVE_FACTOR * usual.nanos);
      }
    }
    // Groups that have ended are forgotten.
    learned = still;
    return slow != null && trend.to().flow().ready() > 0;
  }

  private double secondsSinceLast(long nanos) {
    double seconds = learnedNanos == Long.MIN_VALUE ? 1 : (nanos - learnedNanos) / 1e9;
    learnedNanos = nanos;
    // After a gap nothing is known about what was in it.
    return Math.min(10, Math.max(0, seconds));
  }

  private static void learn(Usual usual, double nanos, double seconds, boolean slowNow) {
    double span = slowNow ? SLOW_USUAL_SECONDS : Math.min(USUAL_SECONDS, usual.seconds + seconds);
    usual.nanos += (nanos - usual.nanos) * Math.min(1, seconds / Math.max(seconds, span));
    usual.seconds += seconds;
  }

  /** The handler's mean time for a job; 0 if nothing is known. */
  private static double meanNanos(Trend trend, Group now) {
    for (Group before : trend.from().groups()) {
      if (before.group() == now.group()) {
        long busy = Math.max(0, now.busyNanos() - before.busyNanos());
        long jobs = now.jobs() - before.jobs();
        // If none has returned, those in hand take at least this long.
        long worked = jobs > 0 ? jobs : now.inHand();
        return worked == 0 ? 0 : (double) busy / worked;
      }
    }
    return 0;
  }
}
