package dev.bobbin.testkit;

import dev.bobbin.internal.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clocks that stand still until they are set. */
final class ManualTime implements Time {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Clocks clocks = new Clocks(System.currentTimeMillis(), 0);

  private record Clocks(long wallMillis, long nanos) {}

  /** Other clocks that say the same and stand still, too. */
  ManualTime copy() {
    ManualTime copy = new ManualTime();
    copy.clocks = clocks;
    return copy;
  }

  @Override
  public long wallMillis() {
    return clocks.wallMillis;
  }

  @Override
  public long nanos() {
    return clocks.nanos;
  }

  @Override
  public boolean passes() {
    return false;
  }

  @Override
  public void listen(Runnable stepped) {
    listeners.add(stepped);
  }

  @Override
  public void forget(Runnable stepped) {
    listeners.remove(stepped);
  }

  Instant now() {
    return Instant.ofEpochMilli(wallMillis());
  }

  /** Both clocks go on. */
  void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(
          "time goes on by zero or more, found " + time + "; for a step back use setTime");
    }
    synchronized (this) {
      long nanos = Math.addExact(clocks.nanos, time.toNanos());
      long remainder = Math.floorMod(clocks.nanos, 1_000_000L);
      // What is less than a millisecond is not lost: many small steps are a large one.
      long millis = (remainder + time.toNanos()) / 1_000_000;
      clocks = new Clocks(clocks.wallMillis + millis, nanos);
    }
    listeners.forEach(Runnable::run);
  }

  /** The wall clock is set; what goes by the other clock does not see it. */
  void set(Instant time) {
    synchronized (this) {
      clocks = new Clocks(time.toEpochMilli(), clocks.nanos);
    }
    listeners.forEach(Runnable::run);
  }
}
