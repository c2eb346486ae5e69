package dev.bobbin.internal;

import dev.bobbin.internal.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clocks that go as the machine's do, and that a test can set forward: so a lease is long enough
 * for whoever is to keep it, however slow the machine, and over when the test says so.
 */
public final class SteppedTime implements Time {
  private final AtomicLong aheadMillis = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  @Override
  public long wallMillis() {
    return Time.system().wallMillis() + aheadMillis.get();
  }

  @Override
  public long nanos() {
    return Time.system().nanos() + aheadMillis.get() * 1_000_000;
  }

  @Override
  public void listen(Runnable stepped) {
    listeners.add(stepped);
  }

  @Override
  public void forget(Runnable stepped) {
    listeners.remove(stepped);
  }

  /** Sets both clocks forward. */
  public void step(Duration time) {
    aheadMillis.addAndGet(time.toMillis());
    listeners.forEach(Runnable::run);
  }
}
