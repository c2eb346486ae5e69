package dev.bobbin.internal.local;

import dev.bobbin.Priority;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Delayed jobs that recovery found: due time and position, by priority. Not thread-safe. */
final class FoundDelayed {
  private final Map<Priority, Pairs> priorities = new EnumMap<>(Priority.class);

  /** Receives a delayed job. */
  interface Visitor {
    void delayed(Priority priority, long dueMillis, long position);
  }

  private static final class Pairs {
    private long[] pairs = new long[16];
    private int size;

    void add(long dueMillis, long position) {
      if (size + 2 > pairs.length) {
        pairs = Arrays.copyOf(pairs, pairs.length * 2);
      }
      pairs[size++] = dueMillis;
      pairs[size++] = position;
    }
  }

  void add(Priority priority, long dueMillis, long position) {
    priorities.computeIfAbsent(priority, p -> new Pairs()).add(dueMillis, position);
  }

  void forEach(Visitor visitor) {
    priorities.forEach(
        (priority, found) -> {
          for (int i = 0; i < found.size; i += 2) {
            visitor.delayed(priority, found.pairs[i], found.pairs[i + 1]);
          }
        });
  }
}
