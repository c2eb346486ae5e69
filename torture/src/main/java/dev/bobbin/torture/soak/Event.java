package dev.bobbin.torture.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One step of the child, on its way through the pipe. A record is far shorter than what a pipe
 * takes in one piece, so a killed child leaves whole records only; and what it has written is there
 * whatever becomes of it.
 *
 * <pre>
 *   0      4         8     16   24    32    36       40
 *   +------+---------+-----+----+-----+------+--------+     key, id, ...  the job's, or figures of a sample
 *   | kind | attempt | key | id | crc | size | thread |     thread        who tells it, by a number
 *   +------+---------+-----+----+-----+------+--------+
 * </pre>
 */
record Event(
    Kind kind, Outcome outcome, int attempt, long key, long id, int crc, int size, int thread) {
  static final int BYTES = 40;

  enum Kind {
    /** All queues are open; in {@code size}, how often they were opened in this process. */
    OPEN,
    /** A submit is about to begin. */
    INTENT,
    ACCEPTED,
    REFUSED,
    /** A handler has the job and is about to give it its outcome. */
    DELIVERED,
    /** The outcome came too late or found the queue closed. */
    UNDONE,
    /** An ack is about to be tried after the lease's end. */
    LATE,
    /** It counted; {@link #TOO_LATE} otherwise. */
    IN_TIME,
    TOO_LATE,
    /** The job is a dead letter. */
    LETTER,
    /** The letter is about to be retried. */
    REVIVING,
    /** The letter is about to be purged. */
    PURGING,
    /**
     * Outcomes of the queue {@code key} that were carried out by now are what the next flush is
     * about.
     */
    MARK,
    /** What was carried out before the queue's {@link #MARK} is on disk. */
    FLUSHED,
    /** The queue {@code key} says that it has discarded {@code size} dead letters. */
    DISCARDED,
    /** Heap after a collection, RSS, threads, file descriptors, segments. */
    SAMPLE,
    /** Something is not as it must be; {@code size} is the number of a {@link Wrong}. */
    FAULT
  }

  /** What a child finds by itself. */
  enum Wrong {
    HEADERS("has other headers than it was submitted with"),
    DUPLICATE("was accepted a second time with the same deduplication key, or got another id"),
    LETTER_GONE("was a dead letter that nobody else touched, and could not be retried or purged");

    final String words;

    Wrong(String words) {
      this.words = words;
    }
  }

  private static final Kind[] KINDS = Kind.values();
  private static final Outcome[] OUTCOMES = Outcome.values();

  @SuppressWarnings("EnumOrdinal") // both ends of the pipe are of one build
  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putInt(kind.ordinal() | outcome.ordinal() << 8)
        .putInt(attempt)
        .putLong(key)
        .putLong(id)
        .putInt(crc)
        .putInt(size)
        .putInt(thread)
        .array();
  }

  /** The next event; null at the end of the pipe. */
  static @Nullable Event read(InputStream pipe) throws IOException {
    byte[] bytes = pipe.readNBytes(BYTES);
    if (bytes.length == 0) {
      return null;
    }
    if (bytes.length < BYTES) {
      throw new EOFException("half an event of " + bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int word = buffer.getInt();
    return new Event(
        KINDS[word & 0xFF],
        OUTCOMES[word >>> 8],
        buffer.getInt(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getInt(),
        buffer.getInt(),
        buffer.getInt());
  }
}
