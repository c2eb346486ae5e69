package dev.bobbin.torture.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Checksums by docs/file-format.md, made to match whatever they cover. */
final class Seal {
  static final long SEED = 0x5EED_5EED_1234_5678L;

  static final int BLOCK_HEADER = 96;
  static final int PAGE = 4096;
  private static final int FRAME_HEADER = 40;
  private static final int BLOCK_MAGIC = 0x31424F42;
  private static final long SEGMENT_MAGIC = 0x474553_4E49_42424FL;
  private static final long QUEUE_MAGIC = 0x5545_5551_4E49_4242L;

  private Seal() {}

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static int seeded(int crc) {
    return crc ^ (int) (SEED ^ SEED >>> 32);
  }

  /** The frame at {@code at}, if its length allows. */
  static void frame(byte[] bytes, int at, int limit) {
    int length = limit - at < FRAME_HEADER ? 0 : little(bytes).getInt(at);
    if (length >= FRAME_HEADER && length <= limit - at) {
      little(bytes).putInt(at + 4, seeded(crc(bytes, at + 8, length - 8)));
    }
  }

  /** The frames that lie one behind the other in [from, to). */
  static void frames(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= FRAME_HEADER) {
      int length = little(bytes).getInt(at);
      if (length < FRAME_HEADER || length > to - at) {
        return;
      }
      frame(bytes, at, to);
      at += (length + 7) & -8;
    }
  }

  static void segment(byte[] file) {
    little(file).putLong(0, SEGMENT_MAGIC).putInt(8, 2).putLong(16, SEED);
    little(file).putInt(12, seeded(crc(file, 16, 24)));
  }

  static void identity(byte[] file) {
    little(file).putLong(0, QUEUE_MAGIC).putInt(8, 2);
    little(file).putInt(12, crc(file, 16, 24));
  }

  /** The block at {@code at}: header, body and gaps, as far as they lie in the file. */
  static void block(byte[] file, int at) {
    ByteBuffer bytes = little(file);
    int from = at + BLOCK_HEADER;
    int body = bytes.getInt(at + 8);
    if (body >= 0 && body <= file.length - from) {
      int kind = bytes.getInt(at + 32);
      if (kind == 1 || kind == 2) {
        frames(file, from, from + body);
      }
      bytes.putInt(at + 12, crc(file, from, body));
      long gaps = bytes.getInt(at + 36) * 16L;
      if (gaps >= 0 && gaps <= file.length - from - body) {
        bytes.putInt(at + 88, crc(file, from + body, (int) gaps));
      }
    }
    bytes.putInt(at, BLOCK_MAGIC);
    bytes.putInt(at + 4, seeded(crc(file, at + 8, BLOCK_HEADER - 8)));
  }

  /**
   * Lays blocks into a segment, each where the one before ends: a byte that says what is sealed, 96
   * bytes of header, body and gaps.
   */
  static void lay(byte[] data, int from, byte[] file) {
    int at = PAGE;
    int next = from;
    while (next + 1 + BLOCK_HEADER <= data.length && at + BLOCK_HEADER <= file.length) {
      byte how = data[next++];
      System.arraycopy(data, next, file, at, BLOCK_HEADER);
      next += BLOCK_HEADER;
      long behind =
          Math.max(0, little(file).getInt(at + 8))
              + 16L * Math.max(0, little(file).getInt(at + 36));
      int most = Math.min(data.length - next, file.length - at - BLOCK_HEADER);
      int length = (int) Math.min(behind, most);
      System.arraycopy(data, next, file, at + BLOCK_HEADER, length);
      next += length;
      if ((how & 1) == 0) {
        block(file, at);
      }
      at = (at + BLOCK_HEADER + length + PAGE - 1) & -PAGE;
    }
  }
}
