package dev.bobbin.internal.inspect;

import dev.bobbin.internal.ring.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts jobs by state. Of several live frames of one job the newest counts: a crash came between
 * the copy and the ack of what it was copied from.
 */
final class Newest {
  /** Positions are multiples of eight: the kind lies in the low bits. */
  private static final int KIND_BITS = 7;

  private final long[] jobs = new long[Frame.DEAD + 1];

  /** The newest copy of each job of which there is a frame that is not its first. */
  private final Map<Long, Long> copies = new HashMap<>();

  /** Takes a live frame; in any order, but each position once. */
  void add(byte[] bytes, int offset, long position) {
    byte kind = Frame.kind(bytes, offset);
    jobs[kind]++;
    long id = Frame.id(bytes, offset);
    if (id != position) {
      Long other = copies.get(id);
      if (other == null) {
        copies.put(id, position | kind);
      } else {
        boolean newer = position > (other & ~KIND_BITS);
        jobs[newer ? (int) (other & KIND_BITS) : kind]--;
        if (newer) {
          copies.put(id, position | kind);
        }
      }
    }
  }

  /** Whether a copy of the job was seen: then its first frame does not count. */
  boolean hasCopy(long id) {
    return copies.containsKey(id);
  }

  /** The jobs with copies: their first frames have to be looked for. */
  List<Long> copied() {
    return new ArrayList<>(copies.keySet());
  }

  /** Takes back a first frame of a job that has a copy. */
  void takeBack(byte kind) {
    jobs[kind]--;
  }

  long ready() {
    return jobs[Frame.READY];
  }

  long delayed() {
    return jobs[Frame.DELAYED];
  }

  long dead() {
    return jobs[Frame.DEAD];
  }
}
