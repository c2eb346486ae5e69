package dev.bobbin.internal.journal;

import dev.bobbin.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads blocks of one journal where they lie, and checks them. */
record Blocks(Storage storage, long seed, int segmentBytes) {
  /** What to do about a corrupt journal. */
  static final String ADVICE =
      "Run \"bobbin verify\" to see all that is damaged, and restore the directory from a backup or run"
          + " \"bobbin repair\"";

  /** The header at {@code offset} if it is whole and of this segment, or null. */
  Block.@Nullable Header header(Segment segment, long offset) throws IOException {
    if (offset + Block.HEADER_BYTES > segmentBytes) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Block.HEADER_BYTES);
    segment.file.read(bytes, offset);
    Block.@Nullable Header header = Block.read(bytes, seed);
    boolean fits =
        header != null
            && header.segment() == segment.number
            && offset + header.blockBytes() <= segmentBytes;
    return fits ? header : null;
  }

  /** Whether a block's body and gaps are what was written. */
  boolean isWhole(Chain.Entry entry) throws IOException {
    Block.Header header = entry.header();
    return Block.bodyMatches(header, ByteBuffer.wrap(read(entry, 0, header.bodyBytes())))
        && matches(header, read(entry, header.bodyBytes(), header.gapBytes()));
  }

  /** The bytes of the block, header and padding included, or null if it is not what it was. */
  @Nullable ByteBuffer whole(Chain.Entry entry) throws IOException {
    Block.Header header = entry.header();
    ByteBuffer bytes = ByteBuffer.allocate((int) header.blockBytes());
    entry.segment().file.read(bytes, entry.offset());
    bytes.flip();
    byte[] gaps = new byte[header.gapBytes()];
    bytes.get(Block.HEADER_BYTES + header.bodyBytes(), gaps);
    boolean same =
        header.equals(Block.read(bytes.duplicate(), seed))
            && Block.bodyMatches(header, bytes.slice(Block.HEADER_BYTES, header.bodyBytes()))
            && matches(header, gaps);
    return same ? bytes : null;
  }

  /** The body of a block that was forced. */
  byte[] body(Chain.Entry entry) throws IOException {
    byte[] body = read(entry, 0, entry.header().bodyBytes());
    if (!Block.bodyMatches(entry.header(), ByteBuffer.wrap(body))) {
      throw corrupt(entry.segment(), entry.offset(), "its body does not match its checksum");
    }
    return body;
  }

  /** The gaps of a block that was forced, as pairs of positions in order. */
  long[] gaps(Chain.Entry entry) throws IOException {
    Block.Header header = entry.header();
    byte[] bytes = read(entry, header.bodyBytes(), header.gapBytes());
    ByteBuffer pairs = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] gaps = new long[header.gaps() * 2];
    pairs.asLongBuffer().get(gaps);
    long covered = 0;
    long at = header.first();
    boolean good = matches(header, bytes);
    for (int i = 0; good && i < gaps.length; i += 2) {
      good = gaps[i] >= at && gaps[i] < gaps[i + 1] && gaps[i + 1] <= header.end();
      covered += gaps[i + 1] - gaps[i];
      at = gaps[i + 1];
    }
    if (!good || header.end() - header.first() - covered != header.bodyBytes()) {
      throw corrupt(entry.segment(), entry.offset(), "its gaps do not match its checksum or body");
    }
    return gaps;
  }

  static boolean matches(Block.Header header, byte[] gaps) {
    return Block.check(ByteBuffer.wrap(gaps), 0, gaps.length, 0) == header.gapCheck();
  }

  /** Bytes of a block behind its header, unchecked. */
  static byte[] read(Chain.Entry entry, int at, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (length > 0) {
      entry.segment().file.read(ByteBuffer.wrap(bytes), entry.offset() + Block.HEADER_BYTES + at);
    }
    return bytes;
  }

  CorruptionException corrupt(Segment segment, long offset, String what) {
    return corrupt(segment.file.name(), offset, what);
  }

  CorruptionException corrupt(String file, long offset, String what) {
    return new CorruptionException(
        "corrupt journal: "
            + storage.describe(file)
            + " at offset "
            + offset
            + ": "
            + what
            + ". Nothing was changed. "
            + ADVICE,
        null);
  }
}
