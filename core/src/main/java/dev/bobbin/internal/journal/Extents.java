package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All {@link Extent}s with unfinished jobs, by position. They do not overlap. Changed by the I/O
 * thread, read by it and by those who read jobs back; its monitor guards it, the extents' finished
 * ranges and the segments' pins, and is held for a few steps only, never over a read.
 */
public final class Extents {
  /** Extents copied forward in one cycle at most. */
  private static final int MOVED_AT_ONCE = 16;

  private final TreeMap<Long, Extent> byFirst = new TreeMap<>();
  private long liveBytes;

  synchronized void put(Extent extent) {
    Extent replaced = byFirst.put(extent.first, extent);
    if (replaced != null) {
      count(replaced, -replaced.liveBytes());
    }
    count(extent, extent.liveBytes());
    if (extent.liveBytes() == 0) {
      byFirst.remove(extent.first);
    }
  }

  private void count(Extent extent, long bytes) {
    extent.segment.liveBytes += bytes;
    liveBytes += bytes;
  }

  /** Marks a range as finished, wherever it lies. */
  public synchronized void finish(long from, long to) {
    Map.Entry<Long, Extent> before = byFirst.floorEntry(from);
    if (before != null && before.getValue().end >= to) {
      // A job or a batch of one block, as nearly always.
      finish(before.getValue(), from, to);
      if (before.getValue().liveBytes() == 0) {
        byFirst.remove(before.getKey());
      }
      return;
    }
    long start = before == null ? from : before.getKey();
    List<Extent> emptied = new ArrayList<>(0);
    for (Extent extent : byFirst.subMap(start, true, to, false).values()) {
      finish(extent, from, to);
      if (extent.liveBytes() == 0) {
        emptied.add(extent);
      }
    }
    for (Extent extent : emptied) {
      byFirst.remove(extent.first);
    }
  }

  private void finish(Extent extent, long from, long to) {
    count(extent, -extent.finish(from, to));
  }

  /** Whether an unfinished job's extent reaches into the range. */
  synchronized boolean touches(long from, long to) {
    Map.Entry<Long, Extent> last = byFirst.lowerEntry(to);
    return last != null && last.getValue().end > from;
  }

  /** The extent that covers {@code position}, or null if nothing unfinished does. */
  public synchronized @Nullable Extent find(long position) {
    Map.Entry<Long, Extent> entry = byFirst.floorEntry(position);
    return entry == null || entry.getValue().end <= position ? null : entry.getValue();
  }

  /**
   * The extent that covers {@code position} or else the first behind it, or null. Its segment stays
   * where it is until {@link #unpin}.
   */
  synchronized @Nullable Extent pinFrom(long position) {
    Extent extent = find(position);
    if (extent == null) {
      Map.Entry<Long, Extent> entry = byFirst.ceilingEntry(position);
      extent = entry == null ? null : entry.getValue();
    }
    if (extent != null) {
      extent.segment.pins++;
    }
    return extent;
  }

  synchronized void unpin(Extent extent) {
    extent.segment.pins--;
  }

  /** Whether nothing in the segment is needed any more, by anyone. */
  synchronized boolean isFree(Segment segment) {
    return segment.liveBytes == 0 && segment.pins == 0;
  }

  /** The positions without an unfinished job in {@code extent}. */
  public synchronized PositionRanges finishedIn(Extent extent) {
    return extent.copyFinished();
  }

  /** All of them, in order of position. */
  public synchronized List<Extent> all() {
    return List.copyOf(byFirst.values());
  }

  public synchronized long liveBytes() {
    return liveBytes;
  }

  /**
   * The oldest unfinished job in {@code segment}, or -1.
   *
   * @param known what this said last; while that job is there nothing is searched, for what is
   *     copied forward goes to newer segments
   */
  synchronized long firstIn(Segment segment, long known) {
    Extent last = find(known);
    if (last != null && last.segment == segment && !last.isFinished(known)) {
      return known;
    }
    if (segment.liveBytes == 0) {
      return -1;
    }
    for (Extent extent : byFirst.values()) {
      if (extent.segment == segment) {
        return extent.firstUnfinished();
      }
    }
    return -1;
  }

  /** Extents of the oldest segment, if copying them forward would pay; a few at a time. */
  synchronized List<Extent> worthMoving(Segments segments) {
    if (!segments.isWorthCompacting(liveBytes)) {
      return List.of();
    }
    Segment oldest = segments.oldest();
    return byFirst.values().stream().filter(e -> e.segment == oldest).limit(MOVED_AT_ONCE).toList();
  }
}
