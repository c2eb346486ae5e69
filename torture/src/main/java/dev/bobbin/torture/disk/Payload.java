package dev.bobbin.torture.disk;

import dev.bobbin.internal.ring.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * What a job of a scenario carries: its number, and bytes that follow from it. A forging one looks
 * like a job of its own to whoever reads the ring: everything in that frame is right, but for the
 * queue's seed, which nobody can know.
 *
 * <pre>
 *   0        4        8          16      72
 *   | number | length | position | frame | bytes ...      length negative: forging
 * </pre>
 */
final class Payload {
  static final int SMALLEST = 16;

  /** The number of the job that only a forged frame can bring into being. */
  static final int FORGED = 1 << 24;

  private static final int NUMBER_AT = 0;
  private static final int LENGTH_AT = 4;
  private static final int POSITION_AT = 8;
  private static final int FRAME_BYTES = Frame.HEADER_BYTES + SMALLEST;
  static final int SMALLEST_FORGING = SMALLEST + FRAME_BYTES;

  private Payload() {}

  static byte[] of(int number, int length) {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    SplittableRandom random = new SplittableRandom(number * 31L + length);
    for (int at = POSITION_AT; at + Long.BYTES <= length; at += Long.BYTES) {
      buffer.putLong(at, random.nextLong());
    }
    buffer.putInt(NUMBER_AT, number).putInt(LENGTH_AT, length);
    return bytes;
  }

  /**
   * @param position where the job's own frame will lie, as far as can be guessed
   */
  static byte[] forging(int number, int length, long position) {
    byte[] bytes = of(number, length);
    ByteBuffer.wrap(bytes).putInt(LENGTH_AT, -length).putLong(POSITION_AT, position);
    frame(bytes, position + Frame.HEADER_BYTES + SMALLEST);
    return bytes;
  }

  private static void frame(byte[] bytes, long position) {
    ByteBuffer frame =
        ByteBuffer.wrap(bytes, SMALLEST, FRAME_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
    frame.put(0, new byte[Frame.HEADER_BYTES]);
    frame.putInt(Frame.WORD, FRAME_BYTES).putLong(Frame.POSITION, position);
    frame
        .putLong(Frame.ID, position)
        .put(Frame.KIND, Frame.READY)
        .putShort(Frame.ATTEMPT, (short) 1);
    frame.put(Frame.HEADER_BYTES, of(FORGED, SMALLEST));
    CRC32C crc = new CRC32C();
    crc.update(bytes, SMALLEST + Frame.POSITION, FRAME_BYTES - Frame.POSITION);
    frame.putInt(Frame.CHECKSUM, (int) crc.getValue());
  }

  /** The number of the job that has exactly these bytes, -1 if none has. */
  static int number(byte[] bytes) {
    if (bytes.length < SMALLEST) {
      return -1;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int number = buffer.getInt(NUMBER_AT);
    byte[] right =
        buffer.getInt(LENGTH_AT) < 0
            ? forging(number, bytes.length, buffer.getLong(POSITION_AT))
            : of(number, bytes.length);
    return Arrays.equals(bytes, right) ? number : -1;
  }
}
