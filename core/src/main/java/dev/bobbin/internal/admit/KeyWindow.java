package dev.bobbin.internal.admit;

import dev.bobbin.Deduplication;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * The keys of the jobs that were submitted last, in the order in which they came, bounded by time
 * and by number. A key that is older than the window is unknown, whether it is still here or not.
 *
 * <p>Every call takes constant time: an addition drops two old keys at most, so a window that
 * nobody has used for long empties over the next additions. Not thread-safe: {@link KeyedAdmission}
 * guards it.
 */
final class KeyWindow {
  /** Old keys that one addition drops at most: more than it adds, and few enough. */
  private static final int DROPPED_AT_ONCE = 2;

  private final long windowNanos;
  private final int maxKeys;
  private final LinkedHashMap<String, Known> keys = new LinkedHashMap<>();

  /**
   * The job that a key belongs to, and when it was submitted, as {@link KeyedAdmission} tells the
   * time.
   */
  private record Known(long number, long submittedNanos) {}

  KeyWindow(Deduplication bounds) {
    this.windowNanos = bounds.window().toNanos();
    this.maxKeys = bounds.keys();
  }

  /** The number of the job with this key, or -1 if it is unknown. */
  long find(String key, long nowNanos) {
    Known known = keys.get(key);
    return known == null || isOld(known, nowNanos) ? -1 : known.number;
  }

  /** Makes a key known, which {@link #find} did not know at {@code nowNanos}. */
  void add(String key, long number, long submittedNanos, long nowNanos) {
    // Put alone would leave a key that came back at the place of its first coming.
    keys.remove(key);
    keys.put(key, new Known(number, submittedNanos));
    Iterator<Known> oldest = keys.values().iterator();
    for (int i = 0; i < DROPPED_AT_ONCE && oldest.hasNext(); i++) {
      Known first = oldest.next();
      if (keys.size() <= maxKeys && !isOld(first, nowNanos)) {
        break;
      }
      oldest.remove();
    }
  }

  private boolean isOld(Known known, long nowNanos) {
    return nowNanos - known.submittedNanos >= windowNanos;
  }

  int size() {
    return keys.size();
  }
}
