package dev.bobbin.internal.journal;

import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A preallocated file of blocks. Recycled by writing a new header with a higher number; its old
 * blocks then name a number that is not its own.
 *
 * <pre>
 *   0       8        12      16      24       32            40                 4096
 *   +-------+--------+-------+-------+--------+-------------+--- padding ------+-- blocks ...
 *   | magic | version| check | queue | number | first block |                  |
 *   +-------+--------+-------+-------+--------+-------------+------------------+--
 *
 *   check        CRC32C of bytes 16 to 40, with the queue's seed
 *   queue        the queue's seed
 *   number       counts up as segments come into use; 0 in a spare that was never used
 *   first block  number of the block at 4096: the segment before ends with the one before that
 * </pre>
 */
final class Segment {
  static final long MAGIC = 0x474553_4E49_42424FL;
  static final int VERSION = 2;
  static final int HEADER_BYTES = Block.ALIGNMENT;

  private static final int VERSION_AT = 8;
  private static final int CHECK_AT = 12;
  private static final int QUEUE_AT = 16;
  private static final int NUMBER_AT = 24;
  private static final int FIRST_BLOCK_AT = 32;
  private static final int CHECKED_BYTES = 24;

  final StoredFile file;
  final long number;
  final long firstBlock;

  /** Bytes of unfinished jobs in it. Guarded by {@link Extents}. */
  long liveBytes;

  /** How many are reading it. Guarded by {@link Extents}. */
  int pins;

  Segment(StoredFile file, long number, long firstBlock) {
    this.file = file;
    this.number = number;
    this.firstBlock = firstBlock;
  }

  static ByteBuffer header(long queue, long number, long firstBlock) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(0, MAGIC);
    header.putInt(VERSION_AT, VERSION);
    header.putLong(QUEUE_AT, queue);
    header.putLong(NUMBER_AT, number);
    header.putLong(FIRST_BLOCK_AT, firstBlock);
    header.putInt(CHECK_AT, Block.check(header, QUEUE_AT, CHECKED_BYTES, queue));
    return header;
  }

  /** The segment in {@code file}, or null if its header is empty or half-written. */
  static @Nullable Segment read(StoredFile file, long queue) throws IOException {
    ByteBuffer header = whole(file);
    if (header == null || header.getLong(QUEUE_AT) != queue) {
      return null;
    }
    long number = header.getLong(NUMBER_AT);
    long firstBlock = header.getLong(FIRST_BLOCK_AT);
    boolean sane = isNumber(number) && isNumber(firstBlock);
    return sane ? new Segment(file, number, firstBlock) : null;
  }

  /** Whether it may be the number of a segment or a block: nobody counts that far. */
  static boolean isNumber(long number) {
    return number >= 0 && number < Long.MAX_VALUE / 2;
  }

  /** Whether {@code file} is a segment that was in use, but by another queue. */
  static boolean isForeign(StoredFile file, long queue) throws IOException {
    ByteBuffer header = whole(file);
    return header != null && header.getLong(QUEUE_AT) != queue && header.getLong(NUMBER_AT) > 0;
  }

  /** A header that checks out for the queue that it names, or null. */
  private static @Nullable ByteBuffer whole(StoredFile file) throws IOException {
    if (file.size() < HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(header, 0);
    boolean whole =
        header.getLong(0) == MAGIC
            && header.getInt(VERSION_AT) == VERSION
            && header.getInt(CHECK_AT)
                == Block.check(header, QUEUE_AT, CHECKED_BYTES, header.getLong(QUEUE_AT));
    return whole ? header : null;
  }
}
