package dev.bobbin.kafka;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a record tells of its job besides payload and headers: the value of the record's header
 * {@value #HEADER}. Numbers are big-endian, as everywhere in Kafka.
 *
 * <pre>
 *   0       1        2       4        12       20
 *   +-------+--------+-------+--------+--------+-----------+---------------------------+
 *   |version|contents|attempt| origin | number | submitted | what the contents name    |
 *   +-------+--------+-------+--------+--------+-----------+---------------------------+
 *
 *   version    u8   1
 *   contents   u8   bits 0 and 1: priority, 0 NORMAL, 1 URGENT, 2 HIGH, 3 LOW; then what follows, in this order
 *                   bit 2: expiry, i64; bit 3: due, i64; bit 4: key, u8 length and UTF-8;
 *                   bit 5: death, i64 and a reason, u16 length and UTF-8
 *   attempt    u16  number of the delivery that this record stands for; of a dead letter: of those that failed
 *   origin, number   i64 each: the job's id
 *   times      i64  milliseconds since 1970
 * </pre>
 *
 * @param expiryMillis when the job is no longer worth starting, {@link Long#MAX_VALUE} for never
 * @param dueMillis when it is to be delivered, 0 at once
 * @param key its deduplication key, or null
 * @param diedMillis when it was set aside, 0 if it is alive
 * @param reason why it was, empty if it is alive
 */
record Envelope(
    JobId id,
    int attempt,
    Priority priority,
    long submittedMillis,
    long expiryMillis,
    long dueMillis,
    @Nullable String key,
    long diedMillis,
    String reason) {
  static final String HEADER = "bobbin";

  private static final byte VERSION = 1;
  private static final int FIXED_BYTES = 28;
  private static final int PRIORITY_BITS = 3;
  private static final int EXPIRY = 1 << 2;
  private static final int DUE = 1 << 3;
  private static final int KEY = 1 << 4;
  private static final int DEATH = 1 << 5;

  /** Priorities by their number. */
  private static final Priority[] PRIORITIES = {
    Priority.NORMAL, Priority.URGENT, Priority.HIGH, Priority.LOW
  };

  /** Of a new job. */
  static Envelope of(JobId id, Priority priority, long nowMillis) {
    return new Envelope(id, 1, priority, nowMillis, Long.MAX_VALUE, 0, null, 0, "");
  }

  /** Whether it says no more than that the job is submitted now, see {@link #of}. */
  boolean isNew(long nowMillis) {
    return submittedMillis == nowMillis
        && attempt == 1
        && priority == Priority.NORMAL
        && expiryMillis == Long.MAX_VALUE
        && dueMillis == 0
        && key == null
        && diedMillis == 0;
  }

  Envelope expiring(long millis) {
    return new Envelope(
        id, attempt, priority, submittedMillis, millis, dueMillis, key, diedMillis, reason);
  }

  Envelope keyed(@Nullable String newKey) {
    return new Envelope(
        id,
        attempt,
        priority,
        submittedMillis,
        expiryMillis,
        dueMillis,
        newKey,
        diedMillis,
        reason);
  }

  /** The job once more. */
  Envelope again(int newAttempt, long newDueMillis) {
    return new Envelope(
        id, newAttempt, priority, submittedMillis, expiryMillis, newDueMillis, key, 0, "");
  }

  Envelope dead(int attempts, long nowMillis, String why) {
    return new Envelope(
        id,
        attempts,
        priority,
        submittedMillis,
        expiryMillis,
        0,
        key,
        nowMillis,
        DeadTopic.cut(why));
  }

  /** The job of a dead letter, which begins anew; its expiry may be what it died of. */
  Envelope revived() {
    return new Envelope(id, 1, priority, submittedMillis, Long.MAX_VALUE, 0, key, 0, "");
  }

  byte[] bytes() {
    byte[] keyBytes = key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
    byte[] reasonBytes = reason.getBytes(StandardCharsets.UTF_8);
    int contents = number(priority);
    int bytes = FIXED_BYTES;
    if (expiryMillis != Long.MAX_VALUE) {
      contents |= EXPIRY;
      bytes += Long.BYTES;
    }
    if (dueMillis != 0) {
      contents |= DUE;
      bytes += Long.BYTES;
    }
    if (key != null) {
      contents |= KEY;
      bytes += 1 + keyBytes.length;
    }
    if (diedMillis != 0) {
      contents |= DEATH;
      bytes += Long.BYTES + Short.BYTES + reasonBytes.length;
    }
    ByteBuffer to = ByteBuffer.allocate(bytes);
    to.put(VERSION).put((byte) contents).putShort((short) attempt);
    to.putLong(id.origin()).putLong(id.number()).putLong(submittedMillis);
    if ((contents & EXPIRY) != 0) {
      to.putLong(expiryMillis);
    }
    if ((contents & DUE) != 0) {
      to.putLong(dueMillis);
    }
    if ((contents & KEY) != 0) {
      to.put((byte) keyBytes.length).put(keyBytes);
    }
    if ((contents & DEATH) != 0) {
      to.putLong(diedMillis).putShort((short) reasonBytes.length).put(reasonBytes);
    }
    return to.array();
  }

  /**
   * What {@link #bytes} wrote.
   *
   * @throws IllegalArgumentException if it did not
   */
  static Envelope parse(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new IllegalArgumentException("its header " + HEADER + " has no value");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    try {
      int version = from.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "its header " + HEADER + " is of version " + version + ", expected " + VERSION);
      }
      int contents = from.get();
      int attempt = from.getShort() & 0xFFFF;
      JobId id = new JobId(from.getLong(), from.getLong());
      long submitted = from.getLong();
      long expiry = (contents & EXPIRY) == 0 ? Long.MAX_VALUE : from.getLong();
      long due = (contents & DUE) == 0 ? 0 : from.getLong();
      String key = (contents & KEY) == 0 ? null : text(from, from.get() & 0xFF);
      long died = (contents & DEATH) == 0 ? 0 : from.getLong();
      String reason = (contents & DEATH) == 0 ? "" : text(from, from.getShort() & 0xFFFF);
      return new Envelope(
          id,
          attempt,
          PRIORITIES[contents & PRIORITY_BITS],
          submitted,
          expiry,
          due,
          key,
          died,
          reason);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(
          "its header " + HEADER + " ends after " + bytes.length + " bytes, before it is complete",
          e);
    }
  }

  private static String text(ByteBuffer from, int length) {
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] utf8 = new byte[length];
    from.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static int number(Priority priority) {
    return switch (priority) {
      case NORMAL -> 0;
      case URGENT -> 1;
      case HIGH -> 2;
      case LOW -> 3;
    };
  }
}
