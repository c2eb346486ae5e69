package dev.bobbin.internal.local;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * When the {@link Loader} has something to do. Turns are the timer thread's; the rest anybody's.
 */
final class Loading {
  private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Loader loader;
  private final TimerThread timer;

  /** Set by anyone, cleared by the timer thread before it looks. */
  private volatile boolean wanted = true;

  /** Guarded by this object's monitor, which is held over a load. */
  private boolean stopped;

  /** Timer thread only. */
  private long nextMillis;

  Loading(Loader loader, TimerThread timer) {
    this.loader = loader;
    this.timer = timer;
  }

  /** Loads what workers have room for; returns for how many nanoseconds nothing more is due. */
  long turn(long nowMillis) throws IOException {
    if (wanted || nowMillis >= nextMillis) {
      wanted = false;
      synchronized (this) {
        nextMillis = stopped ? Long.MAX_VALUE : loader.load(nowMillis);
      }
    }
    // Invariant 11: a due time is wall clock, which may step, or have gone on while the machine
    // slept
    // and a thread's sleep did not. So whoever waits for one looks again every second.
    return nextMillis == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.min(
            LONGEST_SLEEP_NANOS,
            TimeUnit.MILLISECONDS.toNanos(Math.max(0, nextMillis - nowMillis)));
  }

  /** There may be something to load. */
  void want() {
    wanted = true;
    timer.wake();
  }

  /** The clock was set: what was computed from it is void. On the timer thread. */
  void clockStepped() {
    wanted = true;
  }

  /** A loaded batch was taken. */
  void loadedTaken() {
    if (loader.isStarved()) {
      want();
    }
  }

  /** On return nothing is loaded any more, nor will be. */
  synchronized void stop() {
    stopped = true;
  }
}
