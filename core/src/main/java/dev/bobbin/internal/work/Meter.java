package dev.bobbin.internal.work;

import dev.bobbin.Throttle;
import dev.bobbin.internal.time.Time;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link Throttle}: how many jobs may be taken, and how many are in hand. A queue without
 * one has no meter. Thread-safe.
 */
final class Meter {
  private final Time time;
  private final @Nullable TokenBucket bucket;
  private final int concurrency;

  /** Jobs that may still be taken at once. */
  private final AtomicInteger permits;

  /** Workers that share them. */
  private final AtomicInteger workers = new AtomicInteger();

  private Meter(Throttle throttle, Time time) {
    this.time = time;
    this.bucket =
        throttle.isUnlimitedRate()
            ? null
            : new TokenBucket(throttle.jobsPerSecond(), throttle.burst(), time.nanos());
    this.concurrency = throttle.concurrency();
    this.permits = new AtomicInteger(concurrency);
  }

  static @Nullable Meter of(Throttle throttle, Time time) {
    return throttle.isUnlimitedRate() && throttle.isUnlimitedConcurrency()
        ? null
        : new Meter(throttle, time);
  }

  /** A worker began, or ended with -1. */
  void workers(int change) {
    workers.addAndGet(change);
  }

  /** Most jobs for one worker, so that the first one does not leave the others without any. */
  int share() {
    return Math.max(1, concurrency / Math.max(1, workers.get()));
  }

  /** Takes leave for at most {@code wanted} jobs; returns for how many. */
  int take(int wanted) {
    int permitted = takePermits(wanted);
    if (permitted == 0 || bucket == null) {
      return permitted;
    }
    int taken = bucket.take(permitted, time.nanos());
    permits.addAndGet(permitted - taken);
    return taken;
  }

  private int takePermits(int wanted) {
    while (true) {
      int now = permits.get();
      int taken = Math.min(now, wanted);
      if (taken <= 0 || permits.compareAndSet(now, now - taken)) {
        return Math.max(0, taken);
      }
    }
  }

  /** There were fewer jobs than there was leave for. */
  void giveBack(int unused) {
    if (bucket != null) {
      bucket.giveBack(unused);
    }
    permits.addAndGet(unused);
  }

  /** Jobs are no longer in hand. */
  void release(int jobs) {
    permits.addAndGet(jobs);
  }

  /** How long until there is a token, if that is what is missing; else {@link Ticks#NEVER}. */
  long nanosToNext() {
    return bucket == null || permits.get() <= 0 ? Ticks.NEVER : bucket.nanosToNext(time.nanos());
  }
}
