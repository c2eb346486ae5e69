package dev.bobbin.internal.ring;

import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job carries besides its payload: the section of a {@link Frame} in front of the payload.
 * Entries lie one behind the other: at most one expiry, then at most one key, then the headers in
 * their order, then at most one identity. A section without entries is not written.
 *
 * <pre>
 *   0        2            3
 *   +--------+------------+---------------------------------------------+
 *   | length | entry kind | entry ...                                   |
 *   +--------+------------+---------------------------------------------+
 *
 *   length      u16  bytes behind it that belong to the section
 *   1 EXPIRY    i64 milliseconds since 1970: the job is not worth starting from then on
 *   2 KEY       u8 length, UTF-8: the deduplication key
 *   3 HEADER    u16 length of the key, u16 length of the value, key and value in UTF-8
 *   4 IDENTITY  i64 origin, i64 number: the job's id, if it was given elsewhere
 * </pre>
 *
 * <p>Copies of a job take the section over as it is. What reads it here expects a frame that this
 * process has written or that {@link Frame#isValid} has passed.
 */
public final class Extras {
  static final byte[] NONE = new byte[0];

  private static final int LENGTH_BYTES = 2;
  private static final byte EXPIRY = 1;
  private static final byte KEY = 2;
  private static final byte HEADER = 3;
  private static final byte IDENTITY = 4;
  private static final int EXPIRY_BYTES = 1 + Long.BYTES;
  private static final int KEY_OVERHEAD_BYTES = 2;
  private static final int HEADER_OVERHEAD_BYTES = 5;
  private static final int IDENTITY_BYTES = 1 + 2 * Long.BYTES;

  private Extras() {}

  /** The section for a job that is submitted at {@code nowMillis}; empty if it needs none. */
  public static byte[] of(JobOptions options, long nowMillis) {
    Duration timeToLive = options.timeToLive();
    long expiry = timeToLive == null ? Long.MAX_VALUE : nowMillis + timeToLive.toMillis();
    return of(options, expiry, null);
  }

  /**
   * The section for a job that is not worth starting from {@code expiryMillis} on, {@link
   * Long#MAX_VALUE} for never, and whose id was given elsewhere if there is an {@code identity}.
   */
  public static byte[] of(JobOptions options, long expiryMillis, @Nullable JobId identity) {
    boolean expires = expiryMillis != Long.MAX_VALUE;
    int bytes = bytes(options);
    bytes += (expires ? EXPIRY_BYTES : 0) + (identity == null ? 0 : IDENTITY_BYTES);
    if (bytes == LENGTH_BYTES) {
      return NONE;
    }
    ByteBuffer section = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    section.putShort((short) (section.capacity() - LENGTH_BYTES));
    if (expires) {
      section.put(EXPIRY).putLong(expiryMillis);
    }
    if (options.key() != null) {
      byte[] key = utf8(options.key());
      section.put(KEY).put((byte) key.length).put(key);
    }
    for (Map.Entry<String, String> header : options.headers().entrySet()) {
      byte[] key = utf8(header.getKey());
      byte[] value = utf8(header.getValue());
      section.put(HEADER).putShort((short) key.length).putShort((short) value.length);
      section.put(key).put(value);
    }
    if (identity != null) {
      section.put(IDENTITY).putLong(identity.origin()).putLong(identity.number());
    }
    return section.array();
  }

  private static int bytes(JobOptions options) {
    int bytes = LENGTH_BYTES;
    bytes += options.key() == null ? 0 : KEY_OVERHEAD_BYTES + utf8(options.key()).length;
    for (Map.Entry<String, String> header : options.headers().entrySet()) {
      bytes += HEADER_OVERHEAD_BYTES + utf8(header.getKey()).length;
      bytes += utf8(header.getValue()).length;
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** When the job is no longer worth starting; {@link Long#MAX_VALUE} for never. */
  public static long expiryMillis(byte[] bytes, int frame) {
    int entry = entries(bytes, frame);
    return entry != 0 && bytes[entry] == EXPIRY
        ? (long) Frame.LONG_BYTES.get(bytes, entry + 1)
        : Long.MAX_VALUE;
  }

  /** As {@link #expiryMillis(byte[], int)}, of a frame in the ring's memory. */
  public static long expiryMillis(ByteBuffer memory, int frame) {
    int entry = entries(memory, frame);
    return entry != 0 && memory.get(entry) == EXPIRY
        ? (long) Frame.LONG.get(memory, entry + 1)
        : Long.MAX_VALUE;
  }

  /**
   * Takes the expiry out of the frame without a note that fills the first {@code length} bytes;
   * returns how much shorter it is then.
   */
  static int removeExpiry(byte[] bytes, int length) {
    int section = Frame.HEADER_BYTES;
    int entry = section + LENGTH_BYTES;
    if (!Frame.hasExtras(bytes, 0) || bytes[entry] != EXPIRY) {
      return 0;
    }
    int left = u16(bytes, section) - EXPIRY_BYTES;
    int kept = left == 0 ? section : entry;
    int behind = entry + EXPIRY_BYTES;
    if (left == 0) {
      bytes[Frame.FLAGS] &= (byte) ~Frame.EXTRAS_FLAG;
    } else {
      Frame.SHORT_BYTES.set(bytes, section, (short) left);
    }
    System.arraycopy(bytes, behind, bytes, kept, length - behind);
    return behind - kept;
  }

  /** The deduplication key, or null. */
  public static @Nullable String key(byte[] bytes, int frame) {
    int entry = keyEntry(bytes, frame);
    return entry == 0
        ? null
        : new String(bytes, entry + 2, bytes[entry + 1] & 0xFF, StandardCharsets.UTF_8);
  }

  static boolean hasKey(byte[] bytes, int frame) {
    return keyEntry(bytes, frame) != 0;
  }

  static boolean hasKey(ByteBuffer memory, int frame) {
    int entry = entries(memory, frame);
    if (entry != 0 && memory.get(entry) == EXPIRY) {
      entry += EXPIRY_BYTES;
    }
    return entry != 0 && entry < Frame.payloadOffset(memory, frame) && memory.get(entry) == KEY;
  }

  private static int keyEntry(byte[] bytes, int frame) {
    int entry = entries(bytes, frame);
    if (entry != 0 && bytes[entry] == EXPIRY) {
      entry += EXPIRY_BYTES;
    }
    return entry != 0 && entry < Frame.payloadOffset(bytes, frame) && bytes[entry] == KEY
        ? entry
        : 0;
  }

  /** The headers in the order in which they were given; not to be changed. */
  public static Map<String, String> headers(byte[] bytes, int frame) {
    int entry = entries(bytes, frame);
    if (entry == 0) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    int end = Frame.payloadOffset(bytes, frame);
    while (entry < end) {
      if (bytes[entry] == HEADER) {
        int key = entry + HEADER_OVERHEAD_BYTES;
        int value = key + u16(bytes, entry + 1);
        headers.put(
            new String(bytes, key, value - key, StandardCharsets.UTF_8),
            new String(bytes, value, u16(bytes, entry + 3), StandardCharsets.UTF_8));
      }
      entry += entryBytes(bytes, entry);
    }
    return Collections.unmodifiableMap(headers);
  }

  /** The id that the job was given elsewhere, or null: it is the queue's own then. */
  public static @Nullable JobId identity(ByteBuffer memory, int frame) {
    int entry = entries(memory, frame);
    int end = entry == 0 ? 0 : Frame.payloadOffset(memory, frame);
    while (entry < end) {
      if (memory.get(entry) == IDENTITY) {
        return new JobId(
            (long) Frame.LONG.get(memory, entry + 1),
            (long) Frame.LONG.get(memory, entry + 1 + Long.BYTES));
      }
      entry += entryBytes(memory, entry);
    }
    return null;
  }

  /** Where the entries begin, or 0 if there are none. */
  private static int entries(byte[] bytes, int frame) {
    return Frame.hasExtras(bytes, frame)
        ? frame + Frame.HEADER_BYTES + Frame.noteBytes(bytes, frame) + LENGTH_BYTES
        : 0;
  }

  private static int entries(ByteBuffer memory, int frame) {
    return Frame.hasExtras(memory, frame)
        ? frame + Frame.HEADER_BYTES + Frame.noteBytes(memory, frame) + LENGTH_BYTES
        : 0;
  }

  /** Bytes of a section, by what it says of itself. */
  static int sectionBytes(byte[] bytes, int section) {
    return LENGTH_BYTES + u16(bytes, section);
  }

  static int sectionBytes(ByteBuffer memory, int section) {
    return LENGTH_BYTES + (memory.getShort(section) & 0xFFFF);
  }

  /**
   * Whether a section as described above lies at {@code section} and ends before {@code end}.
   * Nothing at or behind {@code end} is looked at.
   */
  static boolean isValid(byte[] bytes, int section, int end) {
    if (end - section <= LENGTH_BYTES || sectionBytes(bytes, section) > end - section) {
      return false;
    }
    int last = section + sectionBytes(bytes, section);
    int lastKind = 0;
    int entry = section + LENGTH_BYTES;
    while (entry < last) {
      byte kind = bytes[entry];
      boolean inOrder = kind > lastKind || (kind == HEADER && lastKind == HEADER);
      if (!inOrder || kind > IDENTITY || last - entry < fixedBytes(kind)) {
        return false;
      }
      int size = entryBytes(bytes, entry);
      if (size > last - entry) {
        return false;
      }
      lastKind = kind;
      entry += size;
    }
    return lastKind != 0;
  }

  /** Bytes of an entry that have to be there before its length can be asked. */
  private static int fixedBytes(byte kind) {
    return switch (kind) {
      case EXPIRY -> EXPIRY_BYTES;
      case KEY -> KEY_OVERHEAD_BYTES;
      case HEADER -> HEADER_OVERHEAD_BYTES;
      default -> IDENTITY_BYTES;
    };
  }

  private static int entryBytes(byte[] bytes, int entry) {
    return switch (bytes[entry]) {
      case EXPIRY -> EXPIRY_BYTES;
      case KEY -> KEY_OVERHEAD_BYTES + (bytes[entry + 1] & 0xFF);
      case HEADER -> HEADER_OVERHEAD_BYTES + u16(bytes, entry + 1) + u16(bytes, entry + 3);
      default -> IDENTITY_BYTES;
    };
  }

  private static int entryBytes(ByteBuffer memory, int entry) {
    return switch (memory.get(entry)) {
      case EXPIRY -> EXPIRY_BYTES;
      case KEY -> KEY_OVERHEAD_BYTES + (memory.get(entry + 1) & 0xFF);
      case HEADER -> HEADER_OVERHEAD_BYTES + u16(memory, entry + 1) + u16(memory, entry + 3);
      default -> IDENTITY_BYTES;
    };
  }

  private static int u16(ByteBuffer memory, int at) {
    return memory.getShort(at) & 0xFFFF;
  }

  private static int u16(byte[] bytes, int at) {
    return (short) Frame.SHORT_BYTES.get(bytes, at) & 0xFFFF;
  }
}
