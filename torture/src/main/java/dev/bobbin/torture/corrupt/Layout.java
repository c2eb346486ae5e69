package dev.bobbin.torture.corrupt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads an undamaged directory by docs/file-format.md and with no code of the product, so that a
 * mistake in that is not repeated here.
 */
final class Layout {
  static final int SEGMENT_HEADER_BYTES = 40;
  static final int ALIGNMENT = 4096;

  private static final int BLOCK_MAGIC = 0x31424F42;
  static final int BLOCK_HEADER_BYTES = 96;
  private static final int FRAME_HEADER_BYTES = 40;
  private static final int KIND = 32;
  private static final int MOVED = 2;
  private static final int NOTE = 1;
  private static final int EXTRAS = 2;

  private final Image image;
  private final List<Placed.Block> blocks = new ArrayList<>();

  /** The file of each segment that is needed, and nothing else. */
  private final List<String> inUse = new ArrayList<>();

  private long oldest;
  private boolean moved;

  Layout(Image image) {
    this.image = image;
    long newest = -1;
    for (String file : image.segments()) {
      for (Placed.Block block : blocksOf(file)) {
        if (block.number() > newest) {
          newest = block.number();
          oldest = little(file).getLong(block.offset() + 72);
        }
      }
    }
    for (String file : image.segments()) {
      long number = little(file).getLong(24);
      if (number > 0 && number >= oldest) {
        inUse.add(file);
        blocks.addAll(blocksOf(file));
      }
    }
    blocks.sort(Comparator.comparingLong(Placed.Block::number));
    inUse.sort(Comparator.comparingLong(f -> little(f).getLong(24)));
    for (int i = 1; i < blocks.size(); i++) {
      if (blocks.get(i).number() != blocks.get(i - 1).number() + 1) {
        throw new IllegalStateException("the journal to begin with is not whole: " + blocks.get(i));
      }
    }
  }

  /** All blocks that are needed, in order of their numbers. */
  List<Placed.Block> blocks() {
    return blocks;
  }

  /** Segments that are needed, oldest first. */
  List<String> inUse() {
    return inUse;
  }

  /** Number of the oldest segment that is needed. */
  long oldest() {
    return oldest;
  }

  /** Whether jobs were copied forward. */
  boolean hasMoved() {
    return moved;
  }

  /** Whether the bytes at {@code at} are a header of this queue that checks out. */
  boolean isHeader(byte[] file, int at) {
    if (at + BLOCK_HEADER_BYTES > file.length) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long seed = little(Image.IDENTITY).getLong(32);
    CRC32C crc = new CRC32C();
    crc.update(file, at + 8, BLOCK_HEADER_BYTES - 8);
    int check = (int) crc.getValue() ^ (int) (seed ^ seed >>> 32);
    return bytes.getInt(at) == BLOCK_MAGIC && bytes.getInt(at + 4) == check;
  }

  private ByteBuffer little(String file) {
    return ByteBuffer.wrap(image.get(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private List<Placed.Block> blocksOf(String file) {
    List<Placed.Block> found = new ArrayList<>();
    ByteBuffer bytes = little(file);
    long next = bytes.getLong(32);
    int at = ALIGNMENT;
    while (at < bytes.capacity()
        && bytes.getInt(at) == BLOCK_MAGIC
        && bytes.getLong(at + 16) == bytes.getLong(24)
        && bytes.getLong(at + 24) == next) {
      Placed.Block block = block(file, bytes, at);
      moved |= block.moved();
      found.add(block);
      at += (block.bytes() + ALIGNMENT - 1) & -ALIGNMENT;
      next++;
    }
    return found;
  }

  private static Placed.Block block(String file, ByteBuffer bytes, int at) {
    int body = bytes.getInt(at + 8);
    int kind = bytes.getInt(at + KIND);
    int from = at + BLOCK_HEADER_BYTES;
    List<Placed.Frame> frames = new ArrayList<>();
    List<long[]> finished = new ArrayList<>();
    for (int offset = from; offset < from + body; ) {
      if (kind <= MOVED) {
        Placed.Frame frame = frame(file, bytes, offset);
        if (frame == null) {
          throw new IllegalStateException("no job of ours in " + file + " at " + offset);
        }
        frames.add(frame);
        offset += (frame.bytes() + 7) & -8;
      } else {
        finished.add(new long[] {bytes.getLong(offset), bytes.getLong(offset + 8)});
        offset += 16;
      }
    }
    return new Placed.Block(
        file,
        at,
        BLOCK_HEADER_BYTES + body + 16 * bytes.getInt(at + 36),
        kind == MOVED,
        bytes.getLong(at + 24),
        bytes.getLong(at + 56),
        bytes.getLong(at + 64),
        frames,
        finished);
  }

  private static Placed.@Nullable Frame frame(String file, ByteBuffer bytes, int at) {
    int length = bytes.getInt(at);
    int payload = at + FRAME_HEADER_BYTES;
    int flags = bytes.get(at + 33);
    if ((flags & NOTE) != 0) {
      payload += 2 + (bytes.getShort(payload) & 0xFFFF);
    }
    if ((flags & EXTRAS) != 0) {
      payload += 2 + (bytes.getShort(payload) & 0xFFFF);
    }
    if (payload > at + length) {
      return null;
    }
    byte[] copy = new byte[at + length - payload];
    bytes.get(payload, copy);
    String job = Payload.name(copy);
    return job == null ? null : new Placed.Frame(job, file, at, length, bytes.getLong(at + 8));
  }

  /** Every whole frame in the ring, those of earlier laps and of finished jobs included. */
  List<Placed.Frame> ring(int ringBytes) {
    List<Placed.Frame> frames = new ArrayList<>();
    ByteBuffer bytes = little(Image.RING);
    int begin = bytes.capacity() - ringBytes;
    for (int at = begin; at + FRAME_HEADER_BYTES <= bytes.capacity(); at += 8) {
      int length = bytes.getInt(at);
      long position = bytes.getLong(at + 8);
      boolean plausible =
          length >= FRAME_HEADER_BYTES
              && length <= bytes.capacity() - at
              && position > 0
              && (position & (ringBytes - 1)) == at - begin
              && bytes.get(at + 32) >= 1
              && bytes.get(at + 32) <= 3;
      Placed.Frame frame = plausible ? frame(Image.RING, bytes, at) : null;
      if (frame != null) {
        frames.add(frame);
      }
    }
    return frames;
  }
}
