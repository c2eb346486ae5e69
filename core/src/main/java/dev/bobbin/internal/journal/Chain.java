package dev.bobbin.internal.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a journal from its oldest needed segment on, as their headers tell: each with the
 * number that follows the last one's. Where the chain breaks is either a torn tail, which was never
 * promised, or corruption: a later block says that the missing one was forced.
 *
 * <p>Bodies are read only where they decide this: those that no later block calls durable may be
 * torn. All others were forced, and are checked when somebody needs them.
 */
final class Chain {
  private final Blocks blocks;
  private final List<Segment> segments;
  private final List<Entry> entries = new ArrayList<>();
  private long next;
  private long durable;
  private int brokenSegment;
  private long brokenOffset;
  private long tornBytes;

  /** A block whose header checks out. */
  record Entry(Segment segment, long offset, Block.Header header) {}

  private Chain(Blocks blocks, List<Segment> segments) {
    this.blocks = blocks;
    this.segments = segments;
    this.next = segments.isEmpty() ? 0 : segments.get(0).firstBlock;
  }

  /**
   * Follows the blocks of {@code segments}, oldest first.
   *
   * @throws dev.bobbin.CorruptionException if a block is missing or damaged that was promised
   */
  static Chain follow(Blocks blocks, List<Segment> segments) throws IOException {
    Chain chain = new Chain(blocks, segments);
    chain.followHeaders();
    chain.cutWhereABodyIsTorn();
    chain.refuseIfPromised();
    return chain;
  }

  private void followHeaders() throws IOException {
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.firstBlock > next) {
        // The segment before ended too early; that is where the chain is broken.
        break;
      }
      if (segment.firstBlock < segments.get(0).firstBlock) {
        throw blocks.corrupt(
            segment,
            0,
            "it begins with block "
                + segment.firstBlock
                + ", but a segment before it begins with block "
                + segments.get(0).firstBlock);
      }
      // What an earlier recovery cut: its numbers were given again, in this segment.
      while (next > segment.firstBlock) {
        entries.remove(entries.size() - 1);
        next--;
      }
      brokenSegment = i;
      brokenOffset = Segment.HEADER_BYTES;
      Block.@Nullable Header header;
      while ((header = blocks.header(segment, brokenOffset)) != null && header.number() == next) {
        entries.add(new Entry(segment, brokenOffset, header));
        brokenOffset += header.blockBytes();
        next++;
      }
    }
    for (Entry entry : entries) {
      durable = Math.max(durable, entry.header.durable());
    }
  }

  private void cutWhereABodyIsTorn() throws IOException {
    int first = entries.size();
    while (first > 0 && entries.get(first - 1).header.number() >= durable) {
      first--;
    }
    for (int i = first; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (!blocks.isWhole(entry)) {
        next = entry.header.number();
        brokenSegment = segments.indexOf(entry.segment);
        brokenOffset = entry.offset;
        tornBytes = entry.header.blockBytes();
        entries.subList(i, entries.size()).clear();
      }
    }
  }

  /**
   * A good block behind the break that says the missing one was forced makes this corruption, not a
   * torn tail.
   */
  private void refuseIfPromised() throws IOException {
    if (segments.isEmpty()) {
      return;
    }
    Segment broken = segments.get(brokenSegment);
    // From the break on: what lies in that place may be a later one.
    long torn = lastGoodBehind(broken, brokenOffset) - brokenOffset;
    tornBytes = Math.max(tornBytes, torn);
    for (Segment later : behind()) {
      tornBytes += Math.max(0, lastGoodBehind(later, Segment.HEADER_BYTES) - Segment.HEADER_BYTES);
    }
  }

  /** The end of the last good block of {@code in} from {@code from} on, 0 if there is none. */
  private long lastGoodBehind(Segment in, long from) throws IOException {
    long end = 0;
    for (long offset = from; offset < blocks.segmentBytes(); offset += Block.ALIGNMENT) {
      Block.@Nullable Header header = blocks.header(in, offset);
      if (header != null && header.number() > next) {
        if (header.durable() > next) {
          throw blocks.corrupt(
              segments.get(brokenSegment),
              brokenOffset,
              "block "
                  + next
                  + " does not check out, but block "
                  + header.number()
                  + " in "
                  + in.file.name()
                  + " says that it was forced");
        }
        end = offset + header.blockBytes();
      }
    }
    return end;
  }

  /** The good blocks, in order. */
  List<Entry> entries() {
    return entries;
  }

  /** The segments up to the break. */
  List<Segment> kept() {
    return segments.isEmpty() ? segments : segments.subList(0, brokenSegment + 1);
  }

  /** The segments behind the break: of a cycle that was never forced. */
  List<Segment> behind() {
    return segments.isEmpty() ? segments : segments.subList(brokenSegment + 1, segments.size());
  }

  /** The number of the next block. */
  long next() {
    return next;
  }

  /** Where the last segment that is kept ends. */
  long endOffset() {
    return brokenOffset;
  }

  /** Every block below it was forced. */
  long durable() {
    return durable;
  }

  /** Bytes of an unfinished write. */
  long tornBytes() {
    return tornBytes;
  }
}
