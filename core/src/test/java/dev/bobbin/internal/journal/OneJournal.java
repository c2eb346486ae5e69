package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Has one journal on a disk in memory for each test. A "frame" here is sixteen bytes or more: its
 * length and its position; the journal knows no other of its fields.
 */
abstract class OneJournal {
  static final int SEGMENT = 1 << 20;

  static final long QUEUE = 0x5eed;

  static final int BIG = 200 << 10;

  final MemoryStorage disk = new MemoryStorage();

  static JournalReader reader(MemoryStorage on) {
    return new JournalReader(on, QUEUE, SEGMENT, 0, new Frames(), ByteBuffer::allocateDirect);
  }

  static Journal open(MemoryStorage on) throws IOException {
    return reader(on).open(0).journal();
  }

  /** Appends one job of {@code bytes} at {@code position}. */
  static void append(Journal journal, long position, int bytes) throws IOException {
    ByteBuffer body = journal.body();
    int start = body.position();
    body.putInt(bytes).putInt(0).putLong(position);
    while (body.position() < start + bytes) {
      body.put((byte) position);
    }
    journal.appendJobs(new Span(position, position + bytes, new PositionRanges(), 1, 0));
  }

  static void ack(Journal journal, long from, long to) throws IOException {
    PositionRanges acks = new PositionRanges();
    acks.add(from, to);
    journal.appendFinished(acks);
  }

  static List<Long> live(Journal journal) throws IOException {
    List<Long> live = new ArrayList<>();
    for (Extent extent : journal.extents().all()) {
      ByteBuffer body = ByteBuffer.wrap(journal.readBody(extent)).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < body.capacity(); at += body.getInt(at)) {
        if (!extent.isFinished(body.getLong(at + 8))) {
          live.add(body.getLong(at + 8));
        }
      }
    }
    return live;
  }

  static List<Long> live(MemoryStorage on) throws IOException {
    return live(open(on));
  }

  /** Frames as this test makes them. */
  static final class Frames implements Journal.Bodies {
    @Override
    public void check(byte[] bytes, long first, long end) {
      // The journal's own checks are on trial here.
    }

    @Override
    public Journal.Moved copyLive(
        byte[] bytes, int length, PositionRanges finished, ByteBuffer target) {
      ByteBuffer body = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int jobs = 0;
      for (int at = 0; at < length; at += body.getInt(at)) {
        if (!finished.contains(body.getLong(at + 8))) {
          target.put(bytes, at, body.getInt(at));
          jobs++;
        }
      }
      return new Journal.Moved(jobs, 0);
    }
  }
}
