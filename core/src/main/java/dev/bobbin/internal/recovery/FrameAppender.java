package dev.bobbin.internal.recovery;

import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.Span;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends frames to the journal, as many to a block as fit, in order of their positions. */
public final class FrameAppender {
  private final Journal journal;
  private ByteBuffer body;
  private PositionRanges gaps = new PositionRanges();
  private long first;
  private long next;
  private int ready;
  private int asides;

  /** The first block covers the positions from {@code first} on. */
  public FrameAppender(Journal journal, long first) {
    this.journal = journal;
    this.body = journal.body();
    this.first = first;
    this.next = first;
  }

  /** Adds a whole, aligned frame. */
  public void add(byte[] frame, long position) throws IOException {
    if (body.remaining() < frame.length) {
      append(next);
    }
    if (position > next) {
      gaps.add(next, position);
    }
    body.put(frame);
    if (Frame.isAside(frame, 0)) {
      asides++;
    } else {
      ready++;
    }
    next = position + frame.length;
  }

  /** Writes the last block, which covers the positions up to {@code end}. */
  public void finish(long end) throws IOException {
    if (end > next) {
      gaps.add(next, end);
    }
    append(end);
  }

  private void append(long end) throws IOException {
    journal.appendJobs(new Span(first, end, gaps, ready, asides));
    body = journal.body();
    gaps = new PositionRanges();
    first = end;
    ready = 0;
    asides = 0;
  }
}
