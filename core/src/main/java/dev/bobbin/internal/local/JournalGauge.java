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
  private volatile JournalFigures figures = JournalFigures.NONE;

  // I/O thread only.
  private long pinning = -1;
  private Optional<Pin> pin = Optional.empty();

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
    long position = journal.pinning();
    if (position != pinning) {
      pinning = position;
      pin = position < 0 ? Optional.empty() : read(position);
    }
    figures =
        new JournalFigures(journal.segments(), journal.bytes(), journal.extents().liveBytes(), pin);
  }

  private Optional<Pin> read(long position) {
    try {
      return Optional.ofNullable(frames.find(position)).map(this::pin);
    } catch (IOException | CorruptionException e) {
      // Whoever delivers the job meets it, and says it; the status is not the place to fail.
      return Optional.empty();
    }
  }

  private Pin pin(byte[] frame) {
    PinnedBy by =
        switch (Frame.kind(frame, 0)) {
          case Frame.DEAD -> PinnedBy.DEAD_LETTER;
          case Frame.DELAYED -> PinnedBy.DELAY;
          default -> PinnedBy.WORK;
        };
    JobId job = new JobId(queue, Frame.id(frame, 0));
    return new Pin(job, by, Instant.ofEpochMilli(Frame.time(frame, 0)));
  }

  JournalFigures figures() {
    return figures;
  }
}
