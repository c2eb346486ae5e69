package dev.bobbin.internal.ring;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame: one job as it lies in the ring and in the journal. All numbers are little-endian;
 * frames start at multiples of eight.
 *
 * <pre>
 *   0       4           8                16              24              32
 *   +-------+-----------+----------------+---------------+---------------+
 *   |length | checksum  | position       | id            | time          |
 *   +-------+-----------+----------------+---------------+---------------+
 *   32   33    34      36          40
 *   +----+-----+-------+-----------+-------------------+---------------------+---------+---------+
 *   |kind|flags|attempt| submitted | note (if flagged) | extras (if flagged) | payload | padding |
 *   +----+-----+-------+-----------+-------------------+---------------------+---------+---------+
 *
 *   length     i32  bytes from the frame's start to the payload's end; written last, together with the checksum, with
 *                   release: it publishes the frame. 0: not yet published. Negative: -length bytes to be passed over:
 *                   padding up to the ring's end, or a place that was given up.
 *   checksum   i32  CRC32C of the queue's seed and bytes 8 to length (0 in memory: those bytes never come from a disk)
 *   position   i64  the frame's own
 *   id         i64  position of the job's first frame; stable over attempts
 *   time       i64  milliseconds since 1970: READY submitted, DELAYED due, DEAD died
 *   kind       u8   1 READY, 2 DELAYED, 3 DEAD
 *   flags      u8   bit 0: a note is there; bit 1: extras are there; bits 2 and 3: priority, 0 NORMAL, 1 URGENT,
 *                   2 HIGH, 3 LOW; bits 4 to 7: crashes of the process while the job was in hand
 *   attempt    u16  number of the delivery that this frame stands for; DEAD: of the last that failed
 *   submitted  u32  seconds since 1970
 *   note            u16 length and that many bytes of UTF-8: why a job is dead
 *   extras          headers, deduplication key and expiry: the picture is in {@link Extras}
 * </pre>
 *
 * <p>Invariant 2 is kept here: the checksum covers the frame's position and the queue's seed, so
 * that a frame is believed only where and for whom it was written. A copy carries the extras, the
 * priority and the crashes of its original; it is longer than that by its note at most, on which
 * the reserve of {@link Ring} rests.
 */
public final class Frame {
  public static final int WORD = 0;
  public static final int CHECKSUM = 4;
  public static final int POSITION = 8;
  public static final int ID = 16;
  public static final int TIME = 24;
  public static final int KIND = 32;
  public static final int FLAGS = 33;
  public static final int ATTEMPT = 34;
  public static final int SUBMITTED = 36;
  public static final int HEADER_BYTES = 40;

  public static final byte READY = 1;
  public static final byte DELAYED = 2;
  public static final byte DEAD = 3;

  public static final int ALIGNMENT = 8;

  /** The longest note, length field included. */
  public static final int MAX_NOTE_BYTES = 2 + 1024;

  /** As many crashes as a frame can count. */
  public static final int MAX_CRASHES = 15;

  static final int NOTE_FLAG = 1;
  static final int EXTRAS_FLAG = 2;
  private static final int FRONT_FLAGS = NOTE_FLAG | EXTRAS_FLAG;
  private static final int PRIORITY_SHIFT = 2;
  private static final int CRASHES_SHIFT = 4;

  /** Priorities by their number in a frame. */
  private static final Priority[] PRIORITIES = {
    Priority.NORMAL, Priority.URGENT, Priority.HIGH, Priority.LOW
  };

  static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT_BYTES =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Frame() {}

  /** Bytes that a frame of {@code length} takes up. */
  public static int aligned(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  // Frames in a heap array, as batches and journal reads hold them.

  public static int length(byte[] bytes, int frame) {
    return (int) INT_BYTES.get(bytes, frame);
  }

  public static long position(byte[] bytes, int frame) {
    return (long) LONG_BYTES.get(bytes, frame + POSITION);
  }

  public static long id(byte[] bytes, int frame) {
    return (long) LONG_BYTES.get(bytes, frame + ID);
  }

  /** The id of a job of the queue {@code origin}, or the one that it was given elsewhere. */
  public static JobId jobId(byte[] bytes, int frame, long origin) {
    JobId given =
        hasExtras(bytes, frame)
            ? Extras.identity(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), frame)
            : null;
    return given == null ? new JobId(origin, id(bytes, frame)) : given;
  }

  /** As {@link #jobId(byte[], int, long)}, of a frame in memory. */
  public static JobId jobId(ByteBuffer memory, int frame, long origin) {
    JobId given = hasExtras(memory, frame) ? Extras.identity(memory, frame) : null;
    return given == null ? new JobId(origin, memory.getLong(frame + ID)) : given;
  }

  public static long time(byte[] bytes, int frame) {
    return (long) LONG_BYTES.get(bytes, frame + TIME);
  }

  public static byte kind(byte[] bytes, int frame) {
    return bytes[frame + KIND];
  }

  public static int attempt(byte[] bytes, int frame) {
    return (short) SHORT_BYTES.get(bytes, frame + ATTEMPT) & 0xFFFF;
  }

  public static long submittedSeconds(byte[] bytes, int frame) {
    return (int) INT_BYTES.get(bytes, frame + SUBMITTED) & 0xFFFFFFFFL;
  }

  /** Which jobs go first. */
  public static Priority priority(byte[] bytes, int frame) {
    return PRIORITIES[bytes[frame + FLAGS] >>> PRIORITY_SHIFT & 3];
  }

  /** How often the process ended while this job was in hand, as far as is known; at most 15. */
  public static int crashes(byte[] bytes, int frame) {
    return (bytes[frame + FLAGS] & 0xFF) >>> CRASHES_SHIFT;
  }

  /** Length of the note's field, 0 if there is none. */
  public static int noteBytes(byte[] bytes, int frame) {
    return (bytes[frame + FLAGS] & NOTE_FLAG) == 0
        ? 0
        : 2 + ((short) SHORT_BYTES.get(bytes, frame + HEADER_BYTES) & 0xFFFF);
  }

  /** Whether the job carries more than its payload; see {@link Extras}. */
  public static boolean hasExtras(byte[] bytes, int frame) {
    return (bytes[frame + FLAGS] & EXTRAS_FLAG) != 0;
  }

  public static int payloadOffset(byte[] bytes, int frame) {
    return frame + HEADER_BYTES + frontBytes(bytes, frame);
  }

  public static int payloadLength(byte[] bytes, int frame) {
    return length(bytes, frame) - HEADER_BYTES - frontBytes(bytes, frame);
  }

  /** Bytes of note and extras: most frames have neither, and pay for one look at their flags. */
  private static int frontBytes(byte[] bytes, int frame) {
    if ((bytes[frame + FLAGS] & FRONT_FLAGS) == 0) {
      return 0;
    }
    int note = noteBytes(bytes, frame);
    return hasExtras(bytes, frame)
        ? note + Extras.sectionBytes(bytes, frame + HEADER_BYTES + note)
        : note;
  }

  /**
   * Whether opening a queue has to look at this frame, although its job is not finished and nothing
   * is wrong with it: it is delayed or dead, it is a copy of an earlier frame, or it has a key.
   */
  public static boolean isAside(byte[] bytes, int frame) {
    return kind(bytes, frame) != READY
        || id(bytes, frame) != position(bytes, frame)
        || Extras.hasKey(bytes, frame);
  }

  /**
   * Whether a whole, undamaged frame of this queue and position lies at {@code frame}. The check
   * before anything that came from a disk is believed.
   */
  public static boolean isValid(byte[] bytes, int frame, int limit, long position, long seed) {
    if (limit - frame < HEADER_BYTES || frame < 0) {
      return false;
    }
    int length = length(bytes, frame);
    if (length < HEADER_BYTES || length > limit - frame || position(bytes, frame) != position) {
      return false;
    }
    byte kind = kind(bytes, frame);
    return kind >= READY
        && kind <= DEAD
        && (int) INT_BYTES.get(bytes, frame + CHECKSUM)
            == checksum(new CRC32C(), bytes, frame, length, seed)
        && isFrontValid(bytes, frame, frame + length);
  }

  /** Whether note and extras end within the frame. Whoever knows the seed can forge a checksum. */
  private static boolean isFrontValid(byte[] bytes, int frame, int end) {
    int at = frame + HEADER_BYTES;
    if ((bytes[frame + FLAGS] & NOTE_FLAG) != 0) {
      if (end - at < 2 || noteBytes(bytes, frame) > end - at) {
        return false;
      }
      at += noteBytes(bytes, frame);
    }
    return !hasExtras(bytes, frame) || Extras.isValid(bytes, at, end);
  }

  /** CRC32C of the frame from its position on, begun with the queue's seed. */
  static int checksum(CRC32C crc, byte[] bytes, int frame, int length, long seed) {
    crc.reset();
    crc.update(bytes, frame + POSITION, length - POSITION);
    // The seed goes in last, folded: CRC32C takes bytes only, and eight more of them would cost as
    // much as the header.
    return (int) crc.getValue() ^ (int) (seed ^ seed >>> 32);
  }

  static int flags(byte[] bytes, int frame) {
    return bytes[frame + FLAGS] & 0xFF;
  }

  static int flags(Priority priority, boolean extras) {
    int number =
        switch (priority) {
          case NORMAL -> 0;
          case URGENT -> 1;
          case HIGH -> 2;
          case LOW -> 3;
        };
    return number << PRIORITY_SHIFT | (extras ? EXTRAS_FLAG : 0);
  }

  /**
   * The flags with another number of crashes; more than {@link #MAX_CRASHES} count as that many.
   */
  static int withCrashes(int flags, int crashes) {
    return (flags & (1 << CRASHES_SHIFT) - 1)
        | Math.max(0, Math.min(crashes, MAX_CRASHES)) << CRASHES_SHIFT;
  }

  // Frames in the ring's memory: only what a walk over them and a look at one job need.

  /** Kind, and {@link #flagsOf flags}, in one read. */
  static int kindAndFlags(ByteBuffer memory, int frame) {
    return memory.getShort(frame + KIND);
  }

  static byte kindOf(int kindAndFlags) {
    return (byte) kindAndFlags;
  }

  static int flagsOf(int kindAndFlags) {
    return kindAndFlags >>> 8 & 0xFF;
  }

  /** Whether flags, or those of several jobs together, say that something precedes a payload. */
  static boolean hasFront(int flags) {
    return (flags & FRONT_FLAGS) != 0;
  }

  public static boolean hasExtras(ByteBuffer memory, int frame) {
    return (memory.get(frame + FLAGS) & EXTRAS_FLAG) != 0;
  }

  public static Priority priority(ByteBuffer memory, int frame) {
    return PRIORITIES[memory.get(frame + FLAGS) >>> PRIORITY_SHIFT & 3];
  }

  static int noteBytes(ByteBuffer memory, int frame) {
    return (memory.get(frame + FLAGS) & NOTE_FLAG) == 0
        ? 0
        : 2 + (memory.getShort(frame + HEADER_BYTES) & 0xFFFF);
  }

  public static int payloadOffset(ByteBuffer memory, int frame) {
    int payload = frame + HEADER_BYTES;
    if ((memory.get(frame + FLAGS) & FRONT_FLAGS) != 0) {
      payload += noteBytes(memory, frame);
      payload += hasExtras(memory, frame) ? Extras.sectionBytes(memory, payload) : 0;
    }
    return payload;
  }

  /** As {@link #isAside(byte[], int)}, of a published frame. */
  public static boolean isAside(ByteBuffer memory, int frame) {
    return memory.get(frame + KIND) != READY
        || memory.getLong(frame + ID) != memory.getLong(frame + POSITION)
        || Extras.hasKey(memory, frame);
  }

  static long word(ByteBuffer memory, int offset) {
    return (long) LONG.getAcquire(memory, offset);
  }

  static void publish(ByteBuffer memory, int offset, long word) {
    LONG.setRelease(memory, offset, word);
  }
}
