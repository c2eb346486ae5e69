package dev.bobbin.internal.watch;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Times that one thread records and the watch collects. Made of nothing until the first one comes:
 * a thousand idle queues cost a thousand empty objects.
 */
final class Recording {
  /** A hundred years, in whatever unit: an absurd value must not blow the histogram up. */
  private static final long HIGHEST = 3_155_760_000_000_000_000L;

  /** Set once by the writer. */
  private volatile @Nullable SingleWriterRecorder recorder;

  /** Handed back to the recorder to be used again. Guarded by the watch. */
  private @Nullable Histogram spare;

  /** By the one thread that writes. */
  void record(long value, long count) {
    SingleWriterRecorder to = recorder;
    if (to == null) {
      to = new SingleWriterRecorder(Timing.DIGITS);
      recorder = to;
    }
    to.recordValueWithCount(Math.max(0, Math.min(HIGHEST, value)), count);
  }

  /** Moves what was recorded since the last call into {@code timings}. By the watch. */
  void collect(Timing... timings) {
    SingleWriterRecorder from = recorder;
    if (from != null) {
      Histogram interval = from.getIntervalHistogram(spare);
      for (Timing timing : timings) {
        timing.add(interval);
      }
      spare = interval;
    }
  }
}
