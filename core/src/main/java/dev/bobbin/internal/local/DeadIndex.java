package dev.bobbin.internal.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the dead letters lie, in order of position: position, id and size, some 22 bytes a letter.
 *
 * <pre>
 *   add -> there -> claim -> claimed -> remove
 *            ^                  |
 *            +---- give back <--+
 * </pre>
 *
 * <p>Whoever wants to retry or purge a letter claims it first; one claim succeeds, so one thread
 * finishes it. A claimed letter counts until it is removed, because until then it is dead.
 *
 * <p>Guarded by itself.
 */
final class DeadIndex {
  private static final int MIN_CAPACITY = 16;

  // Entries [first, end), in order of position. Removed ones stay until they are in the way.
  private long[] positions = new long[MIN_CAPACITY];
  private long[] ids = new long[MIN_CAPACITY];

  /** Bytes of the frame; negative while claimed, 0 when removed. */
  private int[] sizes = new int[MIN_CAPACITY];

  private int first;
  private int end;
  private int letters;
  private int claimed;

  /** One letter. */
  record Entry(long position, long id, int bytes) {
    long end() {
      return position + bytes;
    }
  }

  synchronized void add(long position, long id, int bytes) {
    if (end == positions.length) {
      makeRoom();
    }
    // Nearly always the last: workers append dead letters in order of position, but add them here a
    // moment later.
    int at = end;
    while (at > first && positions[at - 1] > position) {
      move(at - 1, at);
      at--;
    }
    positions[at] = position;
    ids[at] = id;
    sizes[at] = bytes;
    end++;
    letters++;
  }

  /** All letters, the claimed ones included. */
  synchronized int size() {
    return letters;
  }

  /** Letters that nobody has claimed. */
  synchronized int unclaimed() {
    return letters - claimed;
  }

  /** The first letter at or after {@code position}, claimed or not; null if there is none. */
  synchronized @Nullable Entry next(long position) {
    for (int i = firstAt(position); i < end; i++) {
      if (sizes[i] != 0) {
        return entry(i);
      }
    }
    return null;
  }

  /** Whether the letter is there and nobody has claimed it. */
  synchronized boolean isUnclaimed(long position) {
    int at = firstAt(position);
    return at < end && positions[at] == position && sizes[at] > 0;
  }

  /** The position after the last letter; 0 if there is none. */
  synchronized long afterLast() {
    return letters == 0 ? 0 : positions[end - 1] + 1;
  }

  /**
   * The letters of jobs whose ids are among {@code wanted}, which is sorted. Looks at every letter,
   * once.
   */
  synchronized List<Entry> find(long[] wanted) {
    List<Entry> found = new ArrayList<>();
    for (int i = first; i < end && found.size() < wanted.length; i++) {
      if (sizes[i] != 0 && Arrays.binarySearch(wanted, ids[i]) >= 0) {
        found.add(entry(i));
      }
    }
    return found;
  }

  /** Claims the letter; null if it is not there or somebody else has claimed it. */
  synchronized @Nullable Entry claim(long position) {
    return isUnclaimed(position) ? claimAt(firstAt(position)) : null;
  }

  /** Claims the oldest letter if there are more than {@code most}; null if not. */
  synchronized @Nullable Entry claimOldestBeyond(long most) {
    if (letters > most) {
      for (int i = first; i < end; i++) {
        if (sizes[i] > 0) {
          return claimAt(i);
        }
      }
    }
    return null;
  }

  private Entry claimAt(int at) {
    Entry entry = entry(at);
    sizes[at] = -sizes[at];
    claimed++;
    return entry;
  }

  /** A claimed letter stays after all. */
  synchronized void giveBack(Entry entry) {
    int at = firstAt(entry.position());
    sizes[at] = entry.bytes();
    claimed--;
  }

  /** A claimed letter is gone. */
  synchronized void remove(Entry entry) {
    sizes[firstAt(entry.position())] = 0;
    claimed--;
    letters--;
    while (first < end && sizes[first] == 0) {
      first++;
    }
    while (end > first && sizes[end - 1] == 0) {
      end--;
    }
    if (letters < positions.length / 4 && positions.length > MIN_CAPACITY) {
      resize();
    }
  }

  /** Bytes that the arrays take up; tests watch that they stay in proportion. */
  synchronized long bytes() {
    return 20L * positions.length;
  }

  /** The first entry at or after {@code position}, removed or not. */
  private int firstAt(long position) {
    int at = Arrays.binarySearch(positions, first, end, position);
    return at >= 0 ? at : -at - 1;
  }

  private Entry entry(int at) {
    return new Entry(positions[at], ids[at], Math.abs(sizes[at]));
  }

  /** Closes up if at least an eighth was removed, and grows by an eighth otherwise. */
  private void makeRoom() {
    if (letters <= positions.length / 8 * 7) {
      closeUp();
    } else {
      resize();
    }
  }

  private void closeUp() {
    int to = 0;
    for (int i = first; i < end; i++) {
      if (sizes[i] != 0) {
        move(i, to++);
      }
    }
    first = 0;
    end = to;
  }

  /** Gives the letters arrays that are an eighth larger than they need. */
  private void resize() {
    closeUp();
    int capacity = Math.max(MIN_CAPACITY, Math.addExact(letters, letters / 8 + 8));
    positions = Arrays.copyOf(positions, capacity);
    ids = Arrays.copyOf(ids, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
  }

  private void move(int from, int to) {
    positions[to] = positions[from];
    ids[to] = ids[from];
    sizes[to] = sizes[from];
  }
}
