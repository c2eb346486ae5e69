package dev.bobbin.internal.local;

import dev.bobbin.DeadLetterLimit.WhenFull;
import dev.bobbin.Limits;
import dev.bobbin.QueueStatus;
import dev.bobbin.QueueStatus.Counts;
import dev.bobbin.QueueStatus.Crew;
import dev.bobbin.QueueStatus.DurabilityFigures;
import dev.bobbin.QueueStatus.HandlerGroup;
import dev.bobbin.QueueStatus.LimitsUsed;
import dev.bobbin.QueueStatus.Percentiles;
import dev.bobbin.QueueStatus.Times;
import dev.bobbin.QueueStatus.Totals;
import dev.bobbin.Refusal;
import dev.bobbin.Verdict.Kind;
import dev.bobbin.internal.admit.RefusalLedger;
import dev.bobbin.internal.watch.Counters;
import dev.bobbin.internal.watch.Sample;
import dev.bobbin.internal.watch.Watch;
import dev.bobbin.internal.work.Elsewhere;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a queue stands, for the status and for the judge. Walks over nothing and takes no lock
 * that a producer or a worker holds for more than a few steps; any thread may call it.
 *
 * <p>Jobs by state come from counts that only grow, read against the way that a job takes: where it
 * ends first, where it begins last. So what has left is never more than what has come, and no job
 * is missed; see docs/decisions/003.
 */
final class StatusReader {
  private final QueueCore core;
  private final Watch watch;
  private final Counters counters;

  StatusReader(QueueCore core) {
    this.core = core;
    this.watch = core.watch;
    this.counters = core.watch.counters;
    long now = System.nanoTime();
    watch.begin(sample(now, Percentiles.NONE, null));
    // What this loads, the timer thread need not load while due jobs wait for it.
    sample(now);
  }

  /** Jobs in their states, and the counts from which that follows. */
  private record Balance(
      Counts counts, long entered, long left, long failed, long delivered, long taken) {}

  private Balance balance() {
    long acked = counters.acked.sum();
    long failed = counters.failed.sum();
    long left = counters.left();
    long ended = left + counters.cameBack();
    long taken = counters.taken.sum();
    Elsewhere elsewhere = core.elsewhere;
    long delayed = elsewhere == null ? core.delays.counts().delayed() : elsewhere.delayed();
    long entered = core.ring.appended() + counters.entered.sum();
    long unfinished = elsewhere == null ? Math.max(0, entered - left) : elsewhere.unfinished();
    long inFlight = Math.max(0, taken - ended);
    // What is neither in a worker's hands nor waiting for its time is ready, wherever it lies.
    long ready = Math.max(0, unfinished - inFlight - delayed);
    long dead = elsewhere == null ? core.dead.index.size() : elsewhere.dead();
    Counts counts = new Counts(ready, inFlight, delayed, dead);
    return new Balance(counts, entered, left, failed, acked + failed, taken);
  }

  /**
   * Has the judge look at the queue if it has not for about a second; cheap otherwise. To be called
   * about once a second while jobs move, so that rates and verdict are right also when nobody asks.
   */
  Watch.View sample(long nowNanos) {
    Watch.View last = watch.lastView();
    boolean failed = core.failure() != null;
    boolean urgent = failed && (last == null || last.verdict().kind() != Kind.FAILED);
    return watch.sample(nowNanos, urgent, this::sample);
  }

  /** When {@link #sample} would take the next one, not positive if now. */
  long nanosToSample(long nowNanos) {
    Watch.View last = watch.lastView();
    return last == null ? 0 : last.sampledNanos() + Watch.INTERVAL_NANOS - nowNanos;
  }

  private Sample sample(long nowNanos, Percentiles flushTimes, @Nullable String topError) {
    Balance now = balance();
    Counts counts = now.counts;
    RefusalLedger refusals = core.admission.refusals();
    Limits limits = core.options.limits();
    boolean pauses = core.options.deadLetters().whenFull() == WhenFull.PAUSE_WORKERS;
    return new Sample(
        nowNanos,
        core.time.wallMillis(),
        new Sample.Flow(
            now.entered,
            now.left,
            now.failed,
            now.delivered,
            now.taken,
            counts.ready(),
            counts.inFlight(),
            counts.unfinished()),
        new Sample.Room(
            limits.jobs(),
            bytes(),
            maxBytes(),
            counts.dead(),
            pauses ? core.options.deadLetters().jobs() : Long.MAX_VALUE,
            core.admission.waits().nanos(nowNanos),
            refusals.count(Refusal.JOB_LIMIT),
            refusals.count(Refusal.BYTE_LIMIT)),
        new Sample.Disk(
            core.admission.isClosedFor(Refusal.DISK_FULL),
            watch.flushes.slowNanos(nowNanos),
            flushTimes.p99().toNanos(),
            refusals.count(Refusal.DISK_SLOW)),
        watch.crew.groups(nowNanos),
        core.desk.isPaused(),
        core.admission.isClosedFor(Refusal.DRAINING),
        topError,
        core.failure());
  }

  QueueStatus read() {
    long nowNanos = System.nanoTime();
    long nowMillis = core.time.wallMillis();
    Watch.View view = sample(nowNanos);
    Balance balance = balance();
    Counts counts = balance.counts;
    return new QueueStatus(
        core.name,
        Instant.ofEpochMilli(nowMillis),
        view.verdict(),
        view.history(),
        counts,
        totals(balance.entered),
        view.rates(),
        new Times(oldestReady(nowMillis, counts.ready()), view.waits(), view.handlerTimes()),
        crew(nowNanos),
        view.errors(),
        core.admission.refusals().rows(),
        durability(nowNanos, view.flushTimes()),
        limits(counts, view),
        core.flushing.journalFigures(nowMillis),
        core.recovery,
        Optional.ofNullable(core.failure()));
  }

  private Totals totals(long entered) {
    return new Totals(
        core.elsewhere == null ? entered - core.recovery.unfinished() : entered,
        counters.acked.sum(),
        counters.failed.sum(),
        counters.retried.sum(),
        counters.snoozed.sum(),
        counters.died.sum(),
        counters.rejected.sum(),
        counters.expired.sum(),
        counters.leasesLost.sum(),
        counters.interrupted.sum(),
        counters.staleAcks.sum(),
        counters.deadDiscarded.sum());
  }

  private Duration oldestReady(long nowMillis, long ready) {
    if (ready == 0) {
      return Duration.ZERO;
    }
    long since = core.desk.oldestLoadedMillis();
    if (core.elsewhere != null) {
      since = Math.min(since, core.elsewhere.oldestReadyMillis());
    }
    try {
      since = Math.min(since, core.ring.oldestReadyMillis());
    } catch (InternalError e) {
      // The mapping has gone bad: the queue must not go on.
      core.fail(e);
    }
    return since == Long.MAX_VALUE
        ? Duration.ZERO
        : Duration.ofMillis(Math.max(0, nowMillis - since));
  }

  private Crew crew(long nowNanos) {
    List<HandlerGroup> groups = watch.crew.status(nowNanos);
    int running = 0;
    int idle = 0;
    Duration longest = Duration.ZERO;
    for (HandlerGroup group : groups) {
      running += group.running();
      idle += group.idle();
      longest = longest.compareTo(group.longestInHand()) < 0 ? group.longestInHand() : longest;
    }
    return new Crew(running, idle, longest, groups);
  }

  private DurabilityFigures durability(long nowNanos, Percentiles flushTimes) {
    Elsewhere elsewhere = core.elsewhere;
    if (elsewhere != null) {
      long unconfirmed = elsewhere.unconfirmedBytes();
      long waiting = unconfirmed == 0 ? 0 : nowNanos - elsewhere.unconfirmedSince();
      return new DurabilityFigures(
          unconfirmed, Duration.ofNanos(Math.max(0, waiting)), 0, Percentiles.NONE);
    }
    // The end that is durable first, the end of all second: the difference is not negative.
    long durable = core.flushing.durableEnd();
    long bytes = core.journal == null ? 0 : core.ring.tail() - durable;
    Duration age =
        bytes == 0
            ? Duration.ZERO
            : Duration.ofNanos(Math.max(0, nowNanos - core.flushing.undurableSince()));
    return new DurabilityFigures(bytes, age, counters.flushes.sum(), flushTimes);
  }

  private LimitsUsed limits(Counts counts, Watch.View view) {
    return new LimitsUsed(
        counts.unfinished(),
        core.options.limits().jobs(),
        bytes(),
        core.options.limits().bytes(),
        ringBytes(),
        core.ring.capacity(),
        counts.dead(),
        core.options.deadLetters().jobs(),
        view.fullIn());
  }

  private long ringBytes() {
    long reclaimed = core.window.reclaimed();
    return core.ring.tail() - reclaimed;
  }

  private long bytes() {
    return core.elsewhere != null
        ? core.elsewhere.bytes()
        : ringBytes() + core.admission.outsideBytes();
  }

  /** Up to where unfinished jobs may grow: in memory those in the ring have only its room. */
  private long maxBytes() {
    long limit = core.options.limits().bytes();
    return core.journal != null || core.elsewhere != null
        ? limit
        : Math.min(limit, core.ring.capacity() / 4 * 3L + core.admission.outsideBytes());
  }
}
