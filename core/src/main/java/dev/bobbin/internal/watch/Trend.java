package dev.bobbin.internal.watch;

import dev.bobbin.internal.watch.Sample.Room;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** What happened between two samples of a queue, about ten seconds apart. */
record Trend(Sample from, Sample to) {
  /** Nobody waits for what is farther away than a month. */
  private static final double FORESIGHT_SECONDS = 30 * 86_400;

  double seconds() {
    return (to.nanos() - from.nanos()) / 1e9;
  }

  /** How much a count has grown. */
  long grown(ToLongFunction<Sample> count) {
    return Math.max(0, count.applyAsLong(to) - count.applyAsLong(from));
  }

  private double perSecond(ToLongFunction<Sample> count) {
    return seconds() > 0 ? grown(count) / seconds() : 0;
  }

  /** Jobs accepted per second. */
  double in() {
    return perSecond(sample -> sample.flow().entered());
  }

  /** Jobs that ended per second. */
  double out() {
    return perSecond(sample -> sample.flow().left());
  }

  long failed() {
    return grown(sample -> sample.flow().failed());
  }

  long delivered() {
    return grown(sample -> sample.flow().delivered());
  }

  /** Deliveries that failed, as a share of those that ended. */
  double retryRatio() {
    return delivered() == 0 ? 0 : Math.min(1, (double) failed() / delivered());
  }

  /** For how many seconds' worth of work at the present rate jobs are ready; may be infinite. */
  double lagSeconds() {
    long ready = to.flow().ready();
    return ready == 0 ? 0 : ready / out();
  }

  /** How many producers waited for room, on average. */
  double waiting() {
    return share(sample -> sample.room().waitedNanos());
  }

  /** The part of the time that was spent in slow flushes. */
  double slowDisk() {
    return share(sample -> sample.disk().slowNanos());
  }

  /**
   * A time spent, as a share of ten seconds or more: nothing was spent before the queue was opened,
   * and the first second must not count for ten.
   */
  private double share(ToLongFunction<Sample> nanos) {
    return grown(nanos) / Math.max((double) Judge.WINDOW_NANOS, seconds() * 1e9);
  }

  /** Nanoseconds until a limit is reached at the present rates; empty if they do not lead there. */
  OptionalLong fullInNanos() {
    double growth = in() - out();
    long unfinished = to.flow().unfinished();
    if (growth <= 0 || unfinished == 0) {
      return OptionalLong.empty();
    }
    Room room = to.room();
    double jobsLeft = room.maxJobs() == Long.MAX_VALUE ? 1e18 : room.maxJobs() - unfinished;
    double bytesPerJob = (double) room.bytes() / unfinished;
    double bytesLeft = room.maxBytes() == Long.MAX_VALUE ? 1e18 : room.maxBytes() - room.bytes();
    double seconds = Math.min(jobsLeft / growth, bytesLeft / (bytesPerJob * growth));
    return seconds > FORESIGHT_SECONDS
        ? OptionalLong.empty()
        : OptionalLong.of((long) (Math.max(0, seconds) * 1e9));
  }
}
