package dev.bobbin.internal.recovery;

import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Extents;
import java.util.Arrays;

/**
 * The ids of live frames that are not their job's first. A job of which two live frames are left
 * was copied when the crash came, and not yet acked: only the newest frame counts. There are few of
 * these, so only they are looked at again.
 */
final class Copies {
  private static final int INITIAL_SLOTS = 1024;

  // Open addressing; 0 stands for an empty slot, which no id is.
  private long[] slots = new long[INITIAL_SLOTS];
  private int size;
  private long[] doubled = new long[16];
  private int doubledSize;

  /** A live frame of {@code id} that is not at position {@code id}. */
  void add(long id) {
    if (size * 2 >= slots.length) {
      grow();
    }
    if (put(slots, id)) {
      size++;
    } else {
      addDoubled(id);
    }
  }

  /** Finds the jobs whose first frame is still live in the journal too. */
  void lookForOriginals(Extents extents) {
    for (long id : slots) {
      if (id != 0) {
        Extent extent = extents.find(id);
        if (extent != null && !extent.isFinished(id)) {
          addDoubled(id);
        }
      }
    }
    Arrays.sort(doubled, 0, doubledSize);
  }

  private void addDoubled(long id) {
    if (doubledSize == doubled.length) {
      doubled = Arrays.copyOf(doubled, doubledSize * 2);
    }
    doubled[doubledSize++] = id;
  }

  boolean hasDoubled() {
    return doubledSize > 0;
  }

  /** Whether more than one live frame of the job was found. */
  boolean isDoubled(long id) {
    return Arrays.binarySearch(doubled, 0, doubledSize, id) >= 0;
  }

  /** The jobs of which more than one live frame was found, in order; some more than once. */
  long[] doubled() {
    return Arrays.copyOf(doubled, doubledSize);
  }

  private void grow() {
    long[] more = new long[Math.multiplyExact(slots.length, 2)];
    for (long id : slots) {
      if (id != 0) {
        put(more, id);
      }
    }
    slots = more;
  }

  private static boolean put(long[] table, long id) {
    // Ids are multiples of eight; the multiplication spreads them over the high bits.
    int at = (int) ((id * 0x9E3779B97F4A7C15L) >>> 33) & (table.length - 1);
    while (table[at] != 0) {
      if (table[at] == id) {
        return false;
      }
      at = (at + 1) & (table.length - 1);
    }
    table[at] = id;
    return true;
  }
}
