package dev.bobbin.internal.ring;

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
 *   +----+-----+-------+-----------+----------------------+---------+---------+
 *   |kind|flags|attempt| submitted | note (if flagged)    | payload | padding |
 *   +----+-----+-------+-----------+----------------------+---------+---------+
 *
 *   length     i32  bytes from the frame's start to the payload's end; written last, together with the checksum, with
 *                   release: it publishes the frame. 0: not yet published. Negative: -length bytes of padding up to the
 *                   ring's end, and nothing else.
 *   checksum   i32  CRC32C of the queue's seed and bytes 8 to length (0 in memory: those bytes never come from a disk)
 *   position   i64  the frame's own
 *   id         i64  position of the job's first frame; stable over attempts
 *   time       i64  milliseconds since 1970: READY submitted, DELAYED due, DEAD died
 *   kind       u8   1 READY, 2 DELAYED, 3 DEAD
 *   flags      u8   bit 0: a note is there
 *   attempt    u16  number of the delivery that this frame stands for; DEAD: of the last that failed
 *   submitted  u32  seconds since 1970
 *   note            u16 length and that many bytes of UTF-8: why a job is dead
 * </pre>
 *
 * <p>Invariant 2 is kept here: the checksum covers the frame's position and the queue's seed, so
 * that a frame is believed only where and for whom it was written. A retry's frame is as long as
 * the frame it replaces, on which the reserve of {@link Ring} rests.
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

  private static final int NOTE_FLAG = 1;

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

  /** Length of the note's field, 0 if there is none. */
  public static int noteBytes(byte[] bytes, int frame) {
    return (bytes[frame + FLAGS] & NOTE_FLAG) == 0
        ? 0
        : 2 + ((short) SHORT_BYTES.get(bytes, frame + HEADER_BYTES) & 0xFFFF);
  }

  public static int payloadOffset(byte[] bytes, int frame) {
    return frame + HEADER_BYTES + noteBytes(bytes, frame);
  }

  public static int payloadLength(byte[] bytes, int frame) {
    return length(bytes, frame) - HEADER_BYTES - noteBytes(bytes, frame);
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
        && noteBytes(bytes, frame) <= length - HEADER_BYTES;
  }

  /** CRC32C of the frame from its position on, begun with the queue's seed. */
  static int checksum(CRC32C crc, byte[] bytes, int frame, int length, long seed) {
    crc.reset();
    crc.update(bytes, frame + POSITION, length - POSITION);
    // The seed goes in last, folded: CRC32C takes bytes only, and eight more of them would cost as
    // much as the header.
    return (int) crc.getValue() ^ (int) (seed ^ seed >>> 32);
  }

  static void setFlagsForNote(byte[] bytes, int frame) {
    bytes[frame + FLAGS] |= NOTE_FLAG;
  }

  // Frames in the ring's memory: only what a walk over them needs.

  static long word(ByteBuffer memory, int offset) {
    return (long) LONG.getAcquire(memory, offset);
  }

  static void publish(ByteBuffer memory, int offset, long word) {
    LONG.setRelease(memory, offset, word);
  }
}
