package dev.bobbin.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What handlers saw, for the test's thread to wait for. */
final class Seen<T> {
  private final LinkedBlockingQueue<T> things = new LinkedBlockingQueue<>();
  private final Duration patience;

  Seen(Duration patience) {
    this.patience = patience;
  }

  void add(T thing) {
    things.add(thing);
  }

  /** The next one. */
  T next() {
    try {
      T next = things.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError("nothing came within " + patience);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a delivery", e);
    }
  }

  /** The next {@code count}, in the order in which they came. */
  List<T> next(int count) {
    List<T> next = new ArrayList<>();
    while (next.size() < count) {
      next.add(next());
    }
    return next;
  }

  /** How many have come and were not asked for. */
  int more() {
    return things.size();
  }
}
