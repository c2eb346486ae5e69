package dev.bobbin.internal.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The block: what one write appends to a segment. Little-endian; starts at multiples of 4,096
 * bytes, so that writing a block never touches bytes that an earlier force promised.
 *
 * <pre>
 *   0       4        8       12        16        24        32     36
 *   +-------+--------+-------+---------+----------+---------+------+----------+
 *   | magic | header | body  | body    | segment  | number  | kind | gaps     |
 *   |       | check  | bytes | check   |          |         |      |          |
 *   +-------+--------+-------+---------+----------+---------+------+----------+
 *   40      48     56          64         72        80      84       88       96
 *   +-------+------+-----------+----------+---------+-------+--------+--------+------+-----------+---------+
 *   | first | end  | journaled | durable  | oldest  | ready | asides | gap    | body | gap       | padding |
 *   |       |      | end       |          | segment |       |        | check  |      | positions |         |
 *   +-------+------+-----------+----------+---------+-------+--------+--------+------+-----------+---------+
 *
 *   header check  CRC32C of bytes 8 to 96, with the queue's seed
 *   body check    CRC32C of the body
 *   segment       number of the segment it was written to: a recycled segment's old blocks name another
 *   number        counts blocks over all segments, without gaps
 *   kind          1 JOBS: frames of [first, end); what is missing there was finished before
 *                 2 MOVED: as JOBS, copied forward from a segment that is about to be freed
 *                 3 FINISHED: pairs of positions, from and to
 *                 4 CLOSED: no body; the queue was closed when this was its last block
 *   gaps          how many ranges of [first, end) have no frame in the body; pairs of positions behind the body
 *   journaled end every unfinished job below it is in the journal; never below end
 *   durable       the block before which, when this one was written, everything was known to be forced
 *   oldest        segments below it are no longer needed
 *   ready         jobs in the body that can be served in order, without a look at their frames
 *   asides        the others: delayed and dead ones, and all that recovery has to look at
 *   gap check     CRC32C of the gap positions; 4 bytes behind it are zero
 * </pre>
 *
 * <p>So recovery knows from headers and gaps where jobs lie; it reads bodies only where there are
 * asides.
 */
final class Block {
  static final int MAGIC = 0x31424F42;
  static final int HEADER_BYTES = 96;
  static final int GAP_BYTES = 16;
  static final int ALIGNMENT = 4096;

  static final int JOBS = 1;
  static final int MOVED = 2;
  static final int FINISHED = 3;
  static final int CLOSED = 4;

  private static final int HEADER_CHECK = 4;
  private static final int BODY_BYTES = 8;
  private static final int BODY_CHECK = 12;
  private static final int SEGMENT = 16;
  private static final int NUMBER = 24;
  static final int KIND = 32;
  private static final int GAPS = 36;
  private static final int FIRST = 40;
  private static final int END = 48;
  private static final int JOURNALED_END = 56;
  private static final int DURABLE = 64;
  private static final int OLDEST = 72;
  private static final int READY = 80;
  private static final int ASIDES = 84;
  private static final int GAP_CHECK = 88;

  /** Bounds what is read for a header that was made up. */
  private static final int MAX_GAPS = 1 << 26;

  private Block() {}

  /** A header as it was read and checked. */
  record Header(
      int bodyBytes,
      int bodyCheck,
      long segment,
      long number,
      int kind,
      long first,
      long end,
      long journaledEnd,
      long durable,
      long oldestSegment,
      int ready,
      int asides,
      int gaps,
      int gapCheck) {

    int gapBytes() {
      return gaps * GAP_BYTES;
    }

    /** What was written: header, body and gaps, without the padding. */
    long contentBytes() {
      return HEADER_BYTES + (long) bodyBytes + gapBytes();
    }

    long blockBytes() {
      return aligned(contentBytes());
    }

    boolean hasJobs() {
      return bodyBytes > 0 && (kind == JOBS || kind == MOVED);
    }

    /** Whether a journal can have written it, whoever made its checksum match. */
    private boolean isSane() {
      return bodyBytes >= 0
          && gaps >= 0
          && gaps <= MAX_GAPS
          && ready >= 0
          && asides >= 0
          && kind >= JOBS
          && kind <= CLOSED
          && segment > 0
          && Segment.isNumber(segment)
          && oldestSegment > 0
          && oldestSegment <= segment
          && Segment.isNumber(number)
          && durable >= 0
          && durable <= number
          && first >= 0
          && first <= end
          && end <= journaledEnd;
    }
  }

  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Writes the header in front of the body that lies in {@code block} from {@link #HEADER_BYTES}
   * on. The gaps lie behind the body; both checks are in {@code header} already.
   */
  static void seal(ByteBuffer block, Header header, long seed) {
    block.order(ByteOrder.LITTLE_ENDIAN);
    block.putInt(0, MAGIC);
    block.putInt(BODY_BYTES, header.bodyBytes);
    block.putInt(BODY_CHECK, header.bodyCheck);
    block.putLong(SEGMENT, header.segment);
    block.putLong(NUMBER, header.number);
    block.putInt(KIND, header.kind);
    block.putInt(GAPS, header.gaps);
    block.putLong(FIRST, header.first);
    block.putLong(END, header.end);
    block.putLong(JOURNALED_END, header.journaledEnd);
    block.putLong(DURABLE, header.durable);
    block.putLong(OLDEST, header.oldestSegment);
    block.putInt(READY, header.ready);
    block.putInt(ASIDES, header.asides);
    block.putLong(GAP_CHECK, header.gapCheck & 0xFFFFFFFFL);
    block.putInt(HEADER_CHECK, check(block, BODY_BYTES, HEADER_BYTES - BODY_BYTES, seed));
  }

  /** The header at {@code block}'s start, or null if there is no whole one of this queue. */
  static @Nullable Header read(ByteBuffer block, long seed) {
    block.order(ByteOrder.LITTLE_ENDIAN);
    if (block.getInt(0) != MAGIC
        || block.getInt(HEADER_CHECK)
            != check(block, BODY_BYTES, HEADER_BYTES - BODY_BYTES, seed)) {
      return null;
    }
    Header header =
        new Header(
            block.getInt(BODY_BYTES),
            block.getInt(BODY_CHECK),
            block.getLong(SEGMENT),
            block.getLong(NUMBER),
            block.getInt(KIND),
            block.getLong(FIRST),
            block.getLong(END),
            block.getLong(JOURNALED_END),
            block.getLong(DURABLE),
            block.getLong(OLDEST),
            block.getInt(READY),
            block.getInt(ASIDES),
            block.getInt(GAPS),
            block.getInt(GAP_CHECK));
    return header.isSane() ? header : null;
  }

  /** What a header says of its body, whether or not the header checks out. */
  record Fields(int bodyBytes, int bodyCheck) {}

  /** The fields at {@code block}'s start, unchecked. */
  static Fields fields(ByteBuffer block) {
    block.order(ByteOrder.LITTLE_ENDIAN);
    return new Fields(block.getInt(BODY_BYTES), block.getInt(BODY_CHECK));
  }

  static boolean bodyMatches(Header header, ByteBuffer body) {
    return check(body, 0, header.bodyBytes, 0) == header.bodyCheck;
  }

  static int check(ByteBuffer bytes, int from, int length, long seed) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(from + length).position(from));
    return (int) crc.getValue() ^ (int) (seed ^ seed >>> 32);
  }
}
