package dev.bobbin.internal.local;

import dev.bobbin.CorruptionException;
import dev.bobbin.JobId;
import dev.bobbin.QueueStatus.JournalFigures;
import dev.bobbin.QueueStatus.Pin;
import dev.bobbin.QueueStatus.PinnedBy;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the status says of the journal: as it was after the last flush cycle. */
final class JournalGauge {
  private final @Nullable Journal journal;
  private final Frames frames;
  private final long queue;

  /** I/O thread writes, status reads. */
  private volatile Seen seen = new Seen(0, 0, 0, null);

  // I/O thread only.
  private long pinning = -1;
  private @Nullable Oldest oldest;

  /** The job that keeps the oldest segment, and its frame's kind and time. */
  private record Oldest(JobId job, byte kind, long millis) {}

  private record Seen(int segments, long bytes, long liveBytes, @Nullable Oldest oldest) {}

  /**
   * @param journal null in memory
   * @param frames the I/O thread's
   * @param queue the origin of its jobs' ids
   */
  JournalGauge(@Nullable Journal journal, Frames frames, long queue) {
    this.journal = journal;
    this.frames = frames;
    this.queue = queue;
    look();
  }

  /** I/O thread only. */
  void look() {
    if (journal == null) {
      return;
    }
    long position = journal.pinning(pinning);
    if (position != pinning) {
      pinning = position;
      oldest = position < 0 ? null : read(position);
    }
    seen = new Seen(journal.segments(), journal.bytes(), journal.extents().liveBytes(), oldest);
  }

  private @Nullable Oldest read(long position) {
    try {
      byte[] frame = frames.find(position);
      return frame == null
          ? null
          : new Oldest(Frame.jobId(frame, 0, queue), Frame.kind(frame, 0), Frame.time(frame, 0));
    } catch (IOException | CorruptionException e) {
      // Whoever delivers the job meets it, and says it; the status is not the place to fail.
      return null;
    }
  }

  /** As of the last cycle; what was due by {@code nowMillis} is work. */
  JournalFigures figures(long nowMillis) {
    Seen last = seen;
    return new JournalFigures(
        last.segments,
        last.bytes,
        last.liveBytes,
        Optional.ofNullable(last.oldest).map(job -> pin(job, nowMillis)));
  }

  private static Pin pin(Oldest oldest, long nowMillis) {
    PinnedBy by =
        oldest.kind == Frame.DEAD
            ? PinnedBy.DEAD_LETTER
            : oldest.millis > nowMillis ? PinnedBy.DELAY : PinnedBy.WORK;
    return new Pin(oldest.job, by, Instant.ofEpochMilli(oldest.millis));
  }
}
