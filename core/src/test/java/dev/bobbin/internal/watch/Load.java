package dev.bobbin.internal.watch;

import dev.bobbin.Verdict;
import dev.bobbin.Verdict.Kind;
import dev.bobbin.internal.watch.GroupGauge.Group;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A queue under a load that a test makes up, second by second. No thread, no clock. */
final class Load {
  static final long START_MILLIS = 1_700_000_000_000L;

  final List<Kind> kinds = new ArrayList<>();
  long maxJobs = Long.MAX_VALUE;
  long maxBytes = 16L << 30;
  long bytesPerJob = 100;
  long delayed;
  long inFlight;
  long dead;
  long maxDead = Long.MAX_VALUE;
  boolean diskFull;
  boolean paused;
  boolean draining;
  int workers = 4;
  long leaseNanos = TimeUnit.MINUTES.toNanos(5);
  long longestNanos;
  double handlerMillis = 1;
  long flushP99Nanos;
  @Nullable String topError;
  @Nullable Throwable failure;

  private final Object group = new Object();
  private final Judge judge;
  private long second;
  private long entered;
  private long left;
  private long failed;
  private long taken;
  private long waitedNanos;
  private long slowNanos;
  private long refusedForJobs;
  private long refusedForBytes;
  private long refusedForDisk;
  private double busyNanos;
  private long handled;

  Load() {
    judge = new Judge(sample());
  }

  private Sample sample() {
    long unfinished = entered - left;
    long ready = Math.max(0, unfinished - delayed - inFlight);
    Group now =
        new Group(
            group,
            "com.example.Mailer",
            workers,
            ready > 0 ? 0 : workers,
            longestNanos,
            leaseNanos,
            (long) (handlerMillis * 2e6),
            (long) busyNanos,
            handled,
            inFlight);
    return new Sample(
        TimeUnit.SECONDS.toNanos(second) + 77,
        START_MILLIS + second * 1_000,
        new Sample.Flow(entered, left, failed, left + failed, taken, ready, inFlight, unfinished),
        new Sample.Room(
            maxJobs,
            unfinished * bytesPerJob,
            maxBytes,
            dead,
            maxDead,
            waitedNanos,
            refusedForJobs,
            refusedForBytes),
        new Sample.Disk(diskFull, slowNanos, flushP99Nanos, refusedForDisk),
        workers == 0 ? List.of() : List.of(now),
        paused,
        draining,
        topError,
        failure);
  }

  /** One second in which so many jobs came and ended. */
  Verdict second(long in, long out) {
    second++;
    entered += in;
    ended(Math.min(out, entered - left));
    Verdict verdict = judge.judge(sample());
    kinds.add(verdict.kind());
    return verdict;
  }

  private void ended(long jobs) {
    left += jobs;
    taken += jobs;
    handled += jobs;
    busyNanos += jobs * handlerMillis * 1e6;
  }

  Verdict seconds(int seconds, long in, long out) {
    Verdict verdict = null;
    for (int i = 0; i < seconds; i++) {
      verdict = second(in, out);
    }
    return java.util.Objects.requireNonNull(verdict);
  }

  /** Handler time of jobs in hand. */
  void spend(double seconds) {
    busyNanos += seconds * 1e9;
  }

  /** Deliveries that fail in the next second; their jobs stay. */
  Load failing(long deliveries) {
    failed += deliveries;
    taken += deliveries;
    return this;
  }

  Load waiting(double producers) {
    waitedNanos += (long) (producers * 1e9);
    return this;
  }

  Load slowFlushes(double share) {
    slowNanos += (long) (share * 1e9);
    return this;
  }

  Load refusing(long forJobs, long forBytes, long forDisk) {
    refusedForJobs += forJobs;
    refusedForBytes += forBytes;
    refusedForDisk += forDisk;
    return this;
  }

  /** Seconds in which nobody looked. */
  void gap(long seconds) {
    second += seconds;
  }

  Instant now() {
    return Instant.ofEpochMilli(START_MILLIS + second * 1_000);
  }

  /** How often the verdict changed. */
  int changes() {
    int changes = 0;
    for (int i = 1; i < kinds.size(); i++) {
      changes += kinds.get(i) == kinds.get(i - 1) ? 0 : 1;
    }
    return changes;
  }
}
