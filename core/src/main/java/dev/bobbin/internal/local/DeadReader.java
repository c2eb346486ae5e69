package dev.bobbin.internal.local;

import dev.bobbin.DeadLetter;
import dev.bobbin.internal.local.DeadIndex.Entry;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the frames of dead letters where they lie: on the I/O thread, a chunk at a time, so that it
 * gets back to its cycles soon.
 */
record DeadReader(QueueCore core, IoThread io) {
  private static final int CHUNK_LETTERS = 256;
  private static final int CHUNK_BYTES = 1 << 20;

  /**
   * Frames in order of position.
   *
   * @param next position to go on from
   */
  record Chunk(List<byte[]> frames, long next) {}

  /**
   * Reads from {@code from} up to, not including, {@code end}; at most {@code max} letters, and not
   * many more than a mebibyte. Those that somebody has claimed are left out.
   */
  Chunk read(long from, long end, int max) {
    List<Entry> entries = new ArrayList<>();
    long next = from;
    int bytes = 0;
    while (entries.size() < Math.min(max, CHUNK_LETTERS) && bytes < CHUNK_BYTES) {
      Entry entry = core.dead.index.next(next);
      if (entry == null || entry.position() >= end) {
        break;
      }
      entries.add(entry);
      bytes += entry.bytes();
      next = entry.end();
    }
    return new Chunk(entries.isEmpty() ? List.of() : io.call(() -> frames(entries)), next);
  }

  /** Reads these letters and shows those that nobody has claimed to {@code visitor}. */
  void forEach(List<Entry> entries, Consumer<byte[]> visitor) {
    for (int from = 0; from < entries.size(); ) {
      int to = from;
      int bytes = 0;
      while (to < entries.size() && to - from < CHUNK_LETTERS && bytes < CHUNK_BYTES) {
        bytes += entries.get(to++).bytes();
      }
      List<Entry> chunk = entries.subList(from, to);
      io.call(() -> frames(chunk)).forEach(visitor);
      from = to;
    }
  }

  private List<byte[]> frames(List<Entry> entries) throws java.io.IOException {
    List<byte[]> frames = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      long position = entry.position();
      if (!core.dead.index.isUnclaimed(position)) {
        continue;
      }
      // It was not finished then, and what is finished leaves the journal on this thread. Only from
      // the ring it may have gone since.
      byte[] frame = core.flushing.frameOrNull(position);
      if (frame != null) {
        frames.add(frame);
      } else if (core.dead.index.isUnclaimed(position)) {
        throw new IllegalStateException("the dead letter at position " + position + " is nowhere");
      }
    }
    return frames;
  }

  /** What a frame says to people. */
  DeadLetter letter(byte[] frame) {
    int note = Frame.noteBytes(frame, 0);
    String reason =
        note == 0
            ? ""
            : new String(frame, Frame.HEADER_BYTES + 2, note - 2, StandardCharsets.UTF_8);
    int payload = Frame.payloadOffset(frame, 0);
    return new DeadLetter(
        Frame.jobId(frame, 0, core.id),
        Frame.attempt(frame, 0),
        Instant.ofEpochSecond(Frame.submittedSeconds(frame, 0)),
        Instant.ofEpochMilli(Frame.time(frame, 0)),
        reason,
        Extras.headers(frame, 0),
        Arrays.copyOfRange(frame, payload, payload + Frame.payloadLength(frame, 0)));
  }
}
