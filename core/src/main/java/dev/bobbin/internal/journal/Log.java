package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the flush cycle writes to: the {@link Journal}, or a {@link HeapLog} for a queue in memory.
 */
public interface Log {
  /**
   * A cleared buffer for the frames of the next {@link #appendJobs}, positioned where they begin.
   */
  ByteBuffer body();

  /** Appends the frames in the body: the unfinished jobs of {@code span}. */
  void appendJobs(Span span) throws IOException;

  /** Appends finished ranges of appended jobs. */
  void appendFinished(PositionRanges acks) throws IOException;

  /** Returns when everything appended is durable. */
  void force() throws IOException;

  /** Gives a little more of the space back that finished jobs take up. */
  void reclaim() throws IOException;
}
