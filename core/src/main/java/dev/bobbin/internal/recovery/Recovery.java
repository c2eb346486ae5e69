package dev.bobbin.internal.recovery;

import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Brings a queue's files to a state from which it can be served. The table of cases, one test each:
 *
 * <pre>
 *   journal                          ring                        then
 *   -------------------------------  --------------------------  ---------------------------------------------
 *   none                             new                         empty
 *   closed                           anything                    what the journal holds
 *   good to its end                  frames beyond its end       both; the ring's go to the journal first
 *   good to its end                  frames before its end       the journal's: the ring's are settled or copies
 *   good to its end                  finished entries beyond     those jobs are finished
 *   good to its end                  finished entries before     not asked (see RingTail)
 *   torn tail                        anything                    up to the tear, which stays cut, and the ring's
 *   bad before the durable point     anything                    CorruptionException; nothing is changed
 *   segment missing or out of order  anything                    CorruptionException; nothing is changed
 *   a retry beside its original      either                      the newest copy; the older ones are finished
 *   anything                         lost, or of another size    the ring is created anew; the journal's jobs
 * </pre>
 *
 * <p>Invariant 10: recovery may be killed at any moment and run again: it only appends, and only in
 * a new segment. The queue goes on at a position at least 1 TiB beyond every trace of an earlier
 * one; producers are never let run further than half of that ahead of the last force, so no
 * position is used twice even if the machine lost all traces since.
 */
public final class Recovery {
  /** How far positions jump at every opening. */
  public static final long POSITION_JUMP = 1L << 40;

  private final Journal journal;
  private final RingFile.Parts parts;
  private final long seed;
  private final JournalReader.Opened opened;

  private long ready;
  private long delayed;
  private long dead;

  private Recovery(JournalReader.Opened opened, RingFile.Parts parts, long seed) {
    this.opened = opened;
    this.journal = opened.journal();
    this.parts = parts;
    this.seed = seed;
  }

  /** Receives what waits elsewhere than in the ring. */
  public interface Sink {
    void delayed(long dueMillis, long position, int bytes);

    void dead(long position, int bytes);

    void ready(long position, int bytes);
  }

  /** What was found, and where the queue goes on. */
  public record Recovered(
      Journal journal,
      long start,
      long ready,
      long delayed,
      long dead,
      long fromRing,
      long tornBytes,
      boolean closed) {}

  /**
   * Runs recovery; on return everything found is durable, and the ring may be used from {@code
   * start} on.
   */
  public static Recovered run(JournalReader reader, RingFile.Parts parts, long seed, Sink sink)
      throws IOException {
    return new Recovery(reader.open(), parts, seed).run(sink);
  }

  private Recovered run(Sink sink) throws IOException {
    RingTail tail = new RingTail(parts, seed, opened.journaledEnd());
    long highest = Math.max(opened.journaledEnd(), tail.highest());
    long start = (highest + 2 * POSITION_JUMP - 1) / POSITION_JUMP * POSITION_JUMP;
    journalTail(tail, start);
    settleSuperseded();
    parts.reset();
    for (Extent extent : List.copyOf(journal.extents().all())) {
      count(extent, sink);
    }
    return new Recovered(
        journal, start, ready, delayed, dead, tail.size(), opened.tornBytes(), opened.closed());
  }

  /**
   * Writes the ring's frames behind the journal's, and that nothing below {@code start} is anywhere
   * else.
   */
  private void journalTail(RingTail tail, long start) throws IOException {
    ByteBuffer body = journal.body();
    long first = opened.journaledEnd();
    PositionRanges gaps = new PositionRanges();
    long next = first;
    for (int i = 0; i < tail.size(); i++) {
      byte[] frame = tail.frame(i);
      long position = tail.position(i);
      if (body.remaining() < frame.length) {
        journal.appendJobs(first, next, gaps);
        body = journal.body();
        gaps = new PositionRanges();
        first = next;
      }
      if (position > next) {
        gaps.add(next, position);
      }
      body.put(frame);
      next = position + frame.length;
    }
    gaps.add(next, start);
    journal.appendJobs(first, start, gaps);
    journal.force();
  }

  /**
   * Finishes every frame whose job has a newer one: the crash came between the copy and the ack of
   * what it was copied from (invariant 3 leaves both, never none).
   */
  private void settleSuperseded() throws IOException {
    Copies copies = new Copies();
    for (Extent extent : journal.extents().all()) {
      FrameBodies.forEachLive(
          journal.readBody(extent),
          extent,
          (bytes, offset, position) -> {
            if (Frame.id(bytes, offset) != position) {
              copies.add(
                  Frame.id(bytes, offset), position, Frame.aligned(Frame.length(bytes, offset)));
            }
          });
    }
    PositionRanges superseded = copies.superseded();
    for (long id : copies.originals()) {
      Extent extent = journal.extents().find(id);
      if (extent != null && !extent.isFinished(id)) {
        FrameBodies.forEachLive(
            journal.readBody(extent),
            extent,
            (bytes, offset, position) -> {
              if (position == id) {
                superseded.add(position, position + Frame.aligned(Frame.length(bytes, offset)));
              }
            });
      }
    }
    if (!superseded.isEmpty()) {
      journal.appendFinished(superseded);
      journal.force();
    }
  }

  private void count(Extent extent, Sink sink) throws IOException {
    FrameBodies.forEachLive(
        journal.readBody(extent),
        extent,
        (bytes, offset, position) -> {
          int size = Frame.aligned(Frame.length(bytes, offset));
          switch (Frame.kind(bytes, offset)) {
            case Frame.READY -> {
              ready++;
              sink.ready(position, size);
            }
            case Frame.DELAYED -> {
              delayed++;
              sink.delayed(Frame.time(bytes, offset), position, size);
            }
            default -> {
              dead++;
              sink.dead(position, size);
            }
          }
        });
  }
}
