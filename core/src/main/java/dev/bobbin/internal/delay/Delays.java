package dev.bobbin.internal.delay;

import java.util.function.LongConsumer;

/**
 * The delayed jobs of a queue: due time and position only. Invariant 11: due times are wall clock,
 * and persisted in the jobs' frames. Added to by workers and producers, emptied by the I/O thread;
 * guarded by one lock that is never held for longer than one call of the wheel.
 */
public final class Delays {
  private final TimerWheel wheel;
  private final LongConsumer earlier;
  private long next = Long.MAX_VALUE;

  /** {@code earlier} is told of an entry that is due before all others, outside the lock. */
  public Delays(long nowMillis, LongConsumer earlier) {
    this.wheel = new TimerWheel(nowMillis);
    this.earlier = earlier;
  }

  public void add(long dueMillis, long position) {
    boolean first;
    synchronized (wheel) {
      wheel.add(dueMillis, position);
      first = dueMillis < next;
      next = Math.min(next, dueMillis);
    }
    if (first) {
      earlier.accept(dueMillis);
    }
  }

  /** Hands over at most {@code max} due entries, in order of due time. */
  public int expire(long nowMillis, int max, TimerWheel.Sink sink) {
    synchronized (wheel) {
      int expired = wheel.expire(nowMillis, max, sink);
      next = wheel.nextDueMillis();
      return expired;
    }
  }

  /** A time not after the earliest due time; {@link Long#MAX_VALUE} if there is none. */
  public long nextDueMillis() {
    synchronized (wheel) {
      return next;
    }
  }

  public long size() {
    synchronized (wheel) {
      return wheel.size();
    }
  }
}
