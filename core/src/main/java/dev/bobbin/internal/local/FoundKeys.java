package dev.bobbin.internal.local;

import dev.bobbin.Deduplication;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * The deduplication keys that recovery found, as many and as young as the window takes, however
 * many there are. Not thread-safe.
 */
final class FoundKeys {
  private final Deduplication bounds;
  private final long nowMillis;

  /** The oldest first: a job's number grows with its time. */
  private final PriorityQueue<Key> newest =
      new PriorityQueue<>(Comparator.comparingLong(Key::number));

  private record Key(String key, long number, long ageNanos) {}

  /** Receives a key, and how long ago its job was submitted. */
  interface Visitor {
    void key(String key, long number, long ageNanos);
  }

  FoundKeys(Deduplication bounds, long nowMillis) {
    this.bounds = bounds;
    this.nowMillis = nowMillis;
  }

  void add(String key, long number, long submittedSeconds) {
    // Frames keep the second. Its end, so that no key is forgotten early.
    long ageMillis = Math.max(0, nowMillis - (submittedSeconds * 1000 + 999));
    if (ageMillis < bounds.window().toMillis()) {
      newest.add(new Key(key, number, TimeUnit.MILLISECONDS.toNanos(ageMillis)));
      if (newest.size() > bounds.keys()) {
        newest.remove();
      }
    }
  }

  /** Hands over all keys, the oldest first. Once. */
  void forEach(Visitor visitor) {
    for (Key key = newest.poll(); key != null; key = newest.poll()) {
      visitor.key(key.key, key.number, key.ageNanos);
    }
  }
}
