package dev.bobbin.internal.watch;

import dev.bobbin.QueueStatus.Errors;
import dev.bobbin.QueueStatus.Percentiles;
import dev.bobbin.QueueStatus.Rates;
import dev.bobbin.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is observed about one queue. Those who do things count them in {@link #counters}, {@link
 * #crew}, {@link #flushes} and {@link #errors}; about once a second while jobs move somebody calls
 * {@link #sample}, which passes judgement and keeps what it found for whoever asks.
 *
 * <p>Thread-safe. A queue that is not sampled costs nothing.
 */
public final class Watch {
  /** Samples that come sooner are left out. */
  public static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(950);

  private static final int MAX_HISTORY = 64;

  public final Counters counters = new Counters();
  public final Crew crew = new Crew();
  public final FlushGauge flushes = new FlushGauge();
  public final ErrorTable errors = new ErrorTable();

  private final Timing flushTimes = new Timing();
  private @Nullable Judge judge;

  /** Written under the monitor, read by anyone. */
  private volatile @Nullable View view;

  /**
   * What the last sample came to.
   *
   * @param sampledNanos when it was taken
   * @param fullIn when a limit is reached at the present rates
   */
  public record View(
      long sampledNanos,
      Verdict verdict,
      List<Verdict> history,
      Rates rates,
      Percentiles waits,
      Percentiles handlerTimes,
      Percentiles flushTimes,
      Errors errors,
      Optional<Duration> fullIn) {}

  /** Reads what the judge needs from the queue. */
  public interface Source {
    Sample sample(long nowNanos, Percentiles flushTimes, @Nullable String topError);
  }

  /** Tells how the queue stood when it was opened. Once, before anything else. */
  public void begin(Sample first) {
    judge = new Judge(first);
  }

  /** What the last sample came to; null before the first. */
  public @Nullable View lastView() {
    return view;
  }

  /** Takes a sample if it is time to, or {@code urgent}; returns what the last one came to. */
  public View sample(long nowNanos, boolean urgent, Source source) {
    View last = view;
    if (last != null && !urgent && nowNanos - last.sampledNanos < INTERVAL_NANOS) {
      return last;
    }
    return sampleNow(nowNanos, urgent, source);
  }

  private synchronized View sampleNow(long nowNanos, boolean urgent, Source source) {
    View last = view;
    Judge by = judge;
    if (by == null) {
      throw new IllegalStateException("sampled before it has begun");
    }
    if (last != null && !urgent && nowNanos - last.sampledNanos < INTERVAL_NANOS) {
      // Somebody else was faster.
      return last;
    }
    crew.collect(nowNanos);
    flushTimes.turn(nowNanos);
    flushes.times.collect(flushTimes);
    errors.turn(nowNanos);
    Percentiles flushed = flushTimes.percentiles(TimeUnit.MICROSECONDS.toNanos(1));
    Sample sample = source.sample(nowNanos, flushed, errors.mostFrequent());
    Verdict verdict = by.judge(sample);
    View next = view(last, verdict, by.trend(), flushed);
    view = next;
    return next;
  }

  private View view(@Nullable View last, Verdict verdict, Trend trend, Percentiles flushed) {
    OptionalLong full = trend.fullInNanos();
    return new View(
        trend.to().nanos(),
        verdict,
        history(last, verdict),
        new Rates(
            trend.in(),
            trend.out(),
            trend.retryRatio(),
            Duration.ofNanos(trend.to().nanos() - trend.from().nanos())),
        crew.waits(),
        crew.handlerTimes(),
        flushed,
        new Errors(errors.kinds(), errors.others()),
        full.isPresent() ? Optional.of(Duration.ofNanos(full.getAsLong())) : Optional.empty());
  }

  /** Invariant 9: the last {@link #MAX_HISTORY} verdicts. */
  private static List<Verdict> history(@Nullable View last, Verdict verdict) {
    if (last == null) {
      return List.of(verdict);
    }
    List<Verdict> before = last.history;
    if (before.get(before.size() - 1).kind() == verdict.kind()) {
      return before;
    }
    List<Verdict> more =
        new ArrayList<>(
            before.subList(Math.max(0, before.size() + 1 - MAX_HISTORY), before.size()));
    more.add(verdict);
    return List.copyOf(more);
  }
}
