package dev.bobbin.internal.local;

import dev.bobbin.JobQueue;
import dev.bobbin.internal.ring.Held;
import dev.bobbin.internal.watch.Counters;
import dev.bobbin.internal.work.Desk;

/** What tests want to know of a queue that its public face does not tell. */
public final class Inside {
  private Inside() {}

  public static Counters counters(JobQueue<?> queue) {
    return core(queue).counters;
  }

  /** Groups of workers that the queue knows of. */
  public static int groups(JobQueue<?> queue) {
    return ((LocalQueue<?>) queue).life().groupCount();
  }

  /** Has the queue fail as an error of the disk would. */
  public static void fail(JobQueue<?> queue, Throwable cause) {
    core(queue).fail(cause);
  }

  /** Runs {@code section} while nobody can let producers in, or keep them out. */
  static void holdingProducers(JobQueue<?> queue, Runnable section) {
    Held.during(core(queue).window, section);
  }

  public static Desk desk(JobQueue<?> queue) {
    return core(queue).desk;
  }

  private static QueueCore core(JobQueue<?> queue) {
    return ((LocalQueue<?>) queue).core;
  }
}
