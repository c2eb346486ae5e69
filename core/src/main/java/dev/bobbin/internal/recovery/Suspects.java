package dev.bobbin.internal.recovery;

import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.InHand;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The jobs that were in workers' hands when the process died: each gets one more crash to its
 * count, and is handed out alone from then on, so that the next crash tells the guilty one from
 * those that only lay beside it. One that has brought the process down too often becomes a dead
 * letter.
 *
 * <p>Each is replaced by a copy with the same id, in the order of invariant 3: a death in between
 * leaves both, and the newer one counts.
 */
final class Suspects {
  private final Journal journal;
  private final long seed;
  private final int maxCrashes;
  private final PositionRanges inHand = new PositionRanges();
  private final PositionRanges replaced = new PositionRanges();
  private final FrameWriter writer = new FrameWriter();
  private final long nowMillis;
  private int count;

  /**
   * @param slots what workers had in hand, or nothing of worth; only what is unfinished in the
   *     journal and no further apart than {@code ringBytes} is believed
   */
  Suspects(
      Journal journal, ByteBuffer slots, int ringBytes, long seed, int maxCrashes, long nowMillis) {
    this.nowMillis = nowMillis;
    this.journal = journal;
    this.seed = seed;
    this.maxCrashes = maxCrashes;
    InHand.recover(
        slots,
        (from, to) -> {
          if (to - from <= ringBytes) {
            inHand.add(from, to);
          }
        });
  }

  /** Writes the copies from {@code start} on and finishes their originals; returns how many. */
  int replace(long start, long end) throws IOException {
    FrameAppender appender = new FrameAppender(journal, start);
    long next = start;
    for (Extent extent : journal.extents().all()) {
      PositionRanges here = new PositionRanges();
      inHand.forEach(extent.first(), extent.end(), here::add);
      if (!here.isEmpty()) {
        next = replaceIn(extent, here, appender, next);
      }
    }
    if (next == start) {
      return 0;
    }
    appender.finish(end);
    journal.appendFinished(replaced);
    journal.force();
    return count;
  }

  private long replaceIn(Extent extent, PositionRanges here, FrameAppender appender, long next)
      throws IOException {
    byte[] body = journal.readBody(extent);
    journal.check(extent, body);
    long[] at = {next};
    FrameBodies.forEachLive(
        body,
        journal.extents().finishedIn(extent),
        (bytes, offset, position) -> {
          if (here.contains(position) && Frame.kind(bytes, offset) != Frame.DEAD) {
            long finished = position + Frame.aligned(Frame.length(bytes, offset));
            byte[] copy = copy(bytes, offset, at[0]);
            appender.add(copy, at[0]);
            at[0] += copy.length;
            replaced.add(position, finished);
            count++;
          }
        });
    return at[0];
  }

  private byte[] copy(byte[] bytes, int offset, long position) {
    int crashes = Frame.crashes(bytes, offset) + 1;
    if (crashes > maxCrashes) {
      String reason = "the process died " + crashes + " times while a worker had this job in hand";
      writer.dead(bytes, offset, Frame.attempt(bytes, offset), reason, nowMillis);
    } else {
      writer.suspect(bytes, offset, crashes, nowMillis);
    }
    return writer.sealed(position, seed);
  }
}
