package dev.bobbin.internal.recovery;

import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Frame;
import java.util.HashMap;
import java.util.Map;

/**
 * Picks the older ones of the live frames of one job. Frames come in order of position, so the last
 * one of a job is its newest.
 */
final class Superseded {
  private final Copies copies;
  private final Map<Long, Range> newest = new HashMap<>();
  private final PositionRanges older = new PositionRanges();

  private record Range(long from, long to) {}

  Superseded(Copies copies) {
    this.copies = copies;
  }

  void look(byte[] bytes, int offset, long position) {
    long id = Frame.id(bytes, offset);
    if (copies.isDoubled(id)) {
      Range range = new Range(position, position + Frame.aligned(Frame.length(bytes, offset)));
      Range before = newest.put(id, range);
      if (before != null) {
        older.add(before.from, before.to);
      }
    }
  }

  PositionRanges ranges() {
    return older;
  }
}
