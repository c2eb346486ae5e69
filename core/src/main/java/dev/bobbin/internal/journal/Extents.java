package dev.bobbin.internal.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All {@link Extent}s with unfinished jobs, by position. They do not overlap. Owned by the I/O
 * thread.
 */
public final class Extents {
  /** Extents copied forward in one cycle at most. */
  private static final int MOVED_AT_ONCE = 16;

  private final TreeMap<Long, Extent> byFirst = new TreeMap<>();
  private long liveBytes;

  void put(Extent extent) {
    Extent replaced = byFirst.put(extent.first, extent);
    if (replaced != null) {
      forget(replaced);
    }
    long live = extent.liveBytes();
    extent.segment.liveBytes += live;
    liveBytes += live;
    if (live == 0) {
      byFirst.remove(extent.first);
    }
  }

  private void forget(Extent extent) {
    long live = extent.liveBytes();
    extent.segment.liveBytes -= live;
    liveBytes -= live;
  }

  /** Marks a range as finished, wherever it lies. */
  public void finish(long from, long to) {
    Map.Entry<Long, Extent> before = byFirst.floorEntry(from);
    long start = before == null ? from : before.getKey();
    List<Extent> emptied = new ArrayList<>(0);
    for (Extent extent : byFirst.subMap(start, true, to, false).values()) {
      long settled = extent.finish(from, to);
      extent.segment.liveBytes -= settled;
      liveBytes -= settled;
      if (extent.liveBytes() == 0) {
        emptied.add(extent);
      }
    }
    for (Extent extent : emptied) {
      byFirst.remove(extent.first);
    }
  }

  /** Whether an unfinished job's extent reaches into the range. */
  boolean touches(long from, long to) {
    Map.Entry<Long, Extent> last = byFirst.lowerEntry(to);
    return last != null && last.getValue().end > from;
  }

  /** The extent that covers {@code position}, or null if nothing unfinished does. */
  public @Nullable Extent find(long position) {
    Map.Entry<Long, Extent> entry = byFirst.floorEntry(position);
    return entry == null || entry.getValue().end <= position ? null : entry.getValue();
  }

  /** The first extent at or after {@code position}, or null. */
  public @Nullable Extent next(long position) {
    Map.Entry<Long, Extent> entry = byFirst.ceilingEntry(position);
    return entry == null ? null : entry.getValue();
  }

  /** All of them, in order of position. */
  public Collection<Extent> all() {
    return byFirst.values();
  }

  public long liveBytes() {
    return liveBytes;
  }

  /** Extents of the oldest segment, if copying them forward would pay; a few at a time. */
  List<Extent> worthMoving(Segments segments) {
    if (!segments.isWorthCompacting(liveBytes)) {
      return List.of();
    }
    Segment oldest = segments.oldest();
    return byFirst.values().stream().filter(e -> e.segment == oldest).limit(MOVED_AT_ONCE).toList();
  }
}
