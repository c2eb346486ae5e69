package dev.bobbin.internal.delay;

import dev.bobbin.Priority;
import java.util.EnumMap;
import java.util.function.LongConsumer;

/**
 * The delayed jobs of a queue: due time and position only, each priority for itself. Invariant 11:
 * due times are wall clock, and persisted in the jobs' frames. Added to by workers and producers,
 * emptied by the timer thread; guarded by one lock that is never held for longer than one call of
 * the wheel.
 *
 * <p>Jobs of a priority other than normal come this way too when they have no delay, for the ring
 * has one order only. They count as ready, not as delayed.
 */
public final class Delays {
  /** Marks the position of a job that was ready when it came: positions are multiples of eight. */
  private static final long READY = 1;

  private final long startMillis;
  private final LongConsumer earlier;

  /** One for each priority, made when it is first needed. Guarded by itself. */
  private final EnumMap<Priority, Due> priorities = new EnumMap<>(Priority.class);

  private static final class Due {
    private final TimerWheel wheel;
    private long next = Long.MAX_VALUE;
    private long ready;

    Due(long startMillis) {
      wheel = new TimerWheel(startMillis);
    }
  }

  /**
   * {@code earlier} is told of an entry that is due before all others of its priority, outside the
   * lock.
   */
  public Delays(long startMillis, LongConsumer earlier) {
    this.startMillis = startMillis;
    this.earlier = earlier;
  }

  /** Adds a job that becomes ready later. */
  public void add(Priority priority, long dueMillis, long position) {
    add(priority, dueMillis, position, 0);
  }

  /** Adds a job that is ready already, since {@code dueMillis}. */
  public void addReady(Priority priority, long dueMillis, long position) {
    add(priority, dueMillis, position, READY);
  }

  private void add(Priority priority, long dueMillis, long position, long mark) {
    boolean first;
    synchronized (priorities) {
      Due due = priorities.get(priority);
      if (due == null) {
        due = new Due(startMillis);
        priorities.put(priority, due);
      }
      due.wheel.add(dueMillis, position | mark);
      due.ready += mark;
      first = dueMillis < due.next;
      due.next = Math.min(due.next, dueMillis);
    }
    if (first) {
      earlier.accept(dueMillis);
    }
  }

  /** Hands over at most {@code max} due entries of a priority, in order of due time. */
  public int expire(Priority priority, long nowMillis, int max, TimerWheel.Sink sink) {
    synchronized (priorities) {
      Due due = priorities.get(priority);
      if (due == null) {
        return 0;
      }
      int expired =
          due.wheel.expire(
              nowMillis,
              max,
              (dueMillis, position) -> {
                sink.due(dueMillis, position & ~READY);
                due.ready -= position & READY;
              });
      due.next = due.wheel.nextDueMillis();
      return expired;
    }
  }

  /**
   * A time not after the earliest due time of a priority; {@link Long#MAX_VALUE} if it has no job.
   */
  public long nextDueMillis(Priority priority) {
    synchronized (priorities) {
      Due due = priorities.get(priority);
      return due == null ? Long.MAX_VALUE : due.next;
    }
  }

  /**
   * What is here.
   *
   * @param delayed jobs that came with a due time ahead, whether it is over by now or not
   * @param ready jobs that were ready when they came
   */
  public record Counts(long delayed, long ready) {}

  public Counts counts() {
    synchronized (priorities) {
      long size = 0;
      long ready = 0;
      for (Due due : priorities.values()) {
        size += due.wheel.size();
        ready += due.ready;
      }
      return new Counts(size - ready, ready);
    }
  }

  /** How many wheels there are. */
  int wheels() {
    synchronized (priorities) {
      return priorities.size();
    }
  }
}
