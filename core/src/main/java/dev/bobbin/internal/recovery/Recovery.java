package dev.bobbin.internal.recovery;

import dev.bobbin.Priority;
import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import dev.bobbin.internal.ring.SettledMark;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Brings a queue's files to a state from which it can be served. The table of cases, one test each:
 *
 * <pre>
 *   journal                          ring                        then
 *   -------------------------------  --------------------------  ---------------------------------------------
 *   none                             new                         empty
 *   closed                           not asked                   what the journal holds
 *   good to its end                  frames beyond its end       both; the ring's go to the journal first
 *   good to its end                  frames before its end       the journal's: the ring's are settled or copies
 *   good to its end                  finished entries beyond     those jobs are finished
 *   good to its end                  finished entries before     not asked (see RingTail)
 *   good, its end never promised     anything                    its end written again and forced, then as above
 *   torn tail                        anything                    up to the tear, which stays cut, and the ring's
 *   bad before the durable point     anything                    CorruptionException; nothing is changed
 *   bad body of ready jobs there     anything                    found when they are read back: the queue fails
 *   segment missing or out of order  anything                    CorruptionException; nothing is changed
 *   segment another queue's or twice anything                    CorruptionException; nothing is changed
 *   newest segment missing           in use since                CorruptionException, if it is from a later opening
 *   a retry beside its original      either                      the newest copy; the older ones are finished
 *   unfinished job                   in a worker's hand          a copy with one crash more, or a dead letter
 *   anything                         lost, or of another size    the ring is created anew; the journal's jobs
 * </pre>
 *
 * <p>Its time grows with the number of blocks: bodies are read only where delayed or dead jobs,
 * copies, or partly finished blocks are, and all of these before anything is written; and those of
 * one segment that is copied forward, when the journal has grown far beyond what is live in it.
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
  private final boolean asksRing;
  private final int maxCrashes;
  private final long nowMillis;

  private long ready;
  private long delayed;
  private long dead;

  private Recovery(
      JournalReader.Opened opened,
      RingFile.Parts parts,
      long seed,
      boolean asksRing,
      int maxCrashes,
      long nowMillis) {
    this.maxCrashes = maxCrashes;
    this.nowMillis = nowMillis;
    this.opened = opened;
    this.journal = opened.journal();
    this.parts = parts;
    this.seed = seed;
    // After an orderly close the journal has everything.
    this.asksRing = asksRing && !opened.closed();
  }

  /** Receives what waits elsewhere than in the ring. */
  public interface Sink {
    void delayed(Priority priority, long dueMillis, long position, int bytes);

    void dead(long position, long id, int bytes);

    /** Ready jobs, in no order. */
    void ready(long jobs, long bytes);

    /** The deduplication key of an unfinished job, besides what else is told of the job. */
    void keyed(String key, long id, long submittedSeconds);
  }

  /** What was found, and where the queue goes on. */
  public record Recovered(
      Journal journal,
      long start,
      long ready,
      long delayed,
      long dead,
      long suspects,
      long fromRing,
      long tornBytes,
      boolean closed) {}

  /**
   * Runs recovery; on return everything found is durable, and the ring may be used from {@code
   * start} on.
   *
   * @param maxCrashes with one more crash in a worker's hand a job becomes a dead letter
   * @param nowMillis the wall clock, in milliseconds since 1970
   * @param asksRing whether the ring may hold something: not if it has just been created
   */
  public static Recovered run(
      JournalReader reader,
      RingFile.Parts parts,
      long seed,
      boolean asksRing,
      int maxCrashes,
      long nowMillis,
      Sink sink)
      throws IOException {
    return new Recovery(
            reader.open(promisedEnd(parts, seed)), parts, seed, asksRing, maxCrashes, nowMillis)
        .run(sink);
  }

  /**
   * What the journal beside this ring must reach. Before the ring is used from {@code start} on, a
   * block that says so is forced; and nobody runs much further than half a jump ahead of a force.
   * So a ring that was in use that far beyond the journal's end lay beside a longer one.
   */
  public static long promisedEnd(RingFile.Parts parts, long seed) {
    return Math.max(0, new SettledMark(parts.mark(), seed).load() - POSITION_JUMP / 4 * 3);
  }

  private Recovered run(Sink sink) throws IOException {
    boolean done = false;
    try {
      Recovered recovered = recover(sink);
      done = true;
      return recovered;
    } finally {
      if (!done) {
        journal.close();
      }
    }
  }

  private Recovered recover(Sink sink) throws IOException {
    RingTail tail =
        asksRing ? new RingTail(parts, seed, opened.journaledEnd()) : RingTail.none(parts, seed);
    Copies copies = new Copies();
    for (Extent extent : journal.extents().all()) {
      if (isLookedAt(extent)) {
        forEachLive(extent, (bytes, offset, position) -> noteCopy(bytes, offset, position, copies));
      }
    }
    for (int i = 0; i < tail.size(); i++) {
      noteCopy(tail.frame(i), 0, tail.position(i), copies);
    }
    long highest = Math.max(opened.journaledEnd(), tail.highest());
    long start = (highest + 2 * POSITION_JUMP - 1) / POSITION_JUMP * POSITION_JUMP;
    journalTail(tail, start);
    settleSuperseded(copies);
    int suspects = 0;
    if (asksRing) {
      suspects =
          new Suspects(
                  journal, parts.inHand(), parts.ring().capacity(), seed, maxCrashes, nowMillis)
              .replace(start, start + POSITION_JUMP);
      start += suspects == 0 ? 0 : POSITION_JUMP;
    }
    journal.reclaimOldest();
    parts.reset();
    new SettledMark(parts.mark(), seed).store(start);
    for (Extent extent : journal.extents().all()) {
      count(extent, sink);
    }
    return new Recovered(
        journal,
        start,
        ready,
        delayed,
        dead,
        suspects,
        tail.size(),
        opened.tornBytes(),
        opened.closed());
  }

  /** Whether the extent holds anything but ready jobs in a row that nobody has begun. */
  private static boolean isLookedAt(Extent extent) {
    return extent.asides() > 0 || !extent.isWhole();
  }

  private void forEachLive(Extent extent, FrameBodies.FrameVisitor visitor) throws IOException {
    byte[] body = journal.readBody(extent);
    journal.check(extent, body);
    FrameBodies.forEachLive(body, journal.extents().finishedIn(extent), visitor);
  }

  private static void noteCopy(byte[] bytes, int offset, long position, Copies copies) {
    if (Frame.id(bytes, offset) != position) {
      copies.add(Frame.id(bytes, offset));
    }
  }

  /**
   * Writes the ring's frames behind the journal's, and that nothing below {@code start} is anywhere
   * else.
   */
  private void journalTail(RingTail tail, long start) throws IOException {
    FrameAppender appender = new FrameAppender(journal, opened.journaledEnd());
    for (int i = 0; i < tail.size(); i++) {
      appender.add(tail.frame(i), tail.position(i));
    }
    appender.finish(start);
    journal.force();
  }

  /**
   * Finishes every frame whose job has a newer one: the crash came between the copy and the ack of
   * what it was copied from (invariant 3 leaves both, never none).
   */
  private void settleSuperseded(Copies copies) throws IOException {
    copies.lookForOriginals(journal.extents());
    if (!copies.hasDoubled()) {
      return;
    }
    Superseded superseded = new Superseded(copies);
    Set<Extent> looked = new HashSet<>();
    for (long id : copies.doubled()) {
      Extent extent = journal.extents().find(id);
      if (extent != null) {
        looked.add(extent);
      }
    }
    for (Extent extent : journal.extents().all()) {
      if (isLookedAt(extent) || looked.contains(extent)) {
        forEachLive(extent, superseded::look);
      }
    }
    if (!superseded.ranges().isEmpty()) {
      journal.appendFinished(superseded.ranges());
      journal.force();
    }
  }

  private void count(Extent extent, Sink sink) throws IOException {
    if (!isLookedAt(extent)) {
      ready += extent.ready();
      sink.ready(extent.ready(), extent.liveBytes());
      return;
    }
    forEachLive(
        extent,
        (bytes, offset, position) -> {
          int size = Frame.aligned(Frame.length(bytes, offset));
          countKey(bytes, offset, sink);
          switch (Frame.kind(bytes, offset)) {
            case Frame.READY -> {
              ready++;
              sink.ready(1, size);
            }
            case Frame.DELAYED -> {
              delayed++;
              Priority priority = Frame.priority(bytes, offset);
              sink.delayed(priority, Frame.time(bytes, offset), position, size);
            }
            default -> {
              dead++;
              sink.dead(position, Frame.id(bytes, offset), size);
            }
          }
        });
  }

  private static void countKey(byte[] bytes, int offset, Sink sink) {
    // A dead job is finished as far as its key goes.
    String key = Frame.kind(bytes, offset) == Frame.DEAD ? null : Extras.key(bytes, offset);
    if (key != null) {
      sink.keyed(key, Frame.id(bytes, offset), Frame.submittedSeconds(bytes, offset));
    }
  }
}
