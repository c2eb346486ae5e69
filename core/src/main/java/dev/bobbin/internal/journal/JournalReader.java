package dev.bobbin.internal.journal;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.journal.Journal.Bodies;
import dev.bobbin.internal.journal.Storage.StoredFile;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a journal: reads its blocks in order and builds the index of what is live.
 *
 * <p>Reading stops at the first block that does not check out. If a later block says that the bad
 * one was forced, that is corruption: nothing is changed and the file and offset are named. If none
 * does, it is a torn tail: it was never promised, and nothing is ever written behind it, so it
 * stays cut.
 */
public final class JournalReader {
  private final Storage storage;
  private final long queue;
  private final int segmentBytes;
  private final int maxBodyBytes;
  private final Bodies bodies;
  private final Extents extents = new Extents();

  private long nextBlock;
  private long journaledEnd;
  private long tornBytes;
  private boolean closed;

  /**
   * @param largestJobBytes what one job takes up at most: every job must fit a block of its own
   */
  public JournalReader(
      Storage storage, long queue, int segmentBytes, int largestJobBytes, Bodies bodies) {
    this.storage = storage;
    this.queue = queue;
    this.segmentBytes = segmentBytes;
    this.maxBodyBytes = Math.max(Journal.MAX_BODY_BYTES, largestJobBytes);
    this.bodies = bodies;
  }

  /** What reading found, and the journal to go on with. */
  public record Opened(Journal journal, long journaledEnd, long tornBytes, boolean closed) {}

  /** Reads everything; the journal continues in a new segment. */
  public Opened open() throws IOException {
    List<StoredFile> files = new ArrayList<>();
    boolean opened = false;
    try {
      Opened result = open(files);
      opened = true;
      return result;
    } finally {
      if (!opened) {
        for (StoredFile file : files) {
          file.close();
        }
      }
    }
  }

  private Opened open(List<StoredFile> files) throws IOException {
    List<Segment> found = new ArrayList<>();
    List<StoredFile> spares = new ArrayList<>();
    long nextFile = 0;
    for (String name : storage.list()) {
      if (!Segments.isName(name)) {
        continue;
      }
      nextFile = Math.max(nextFile, Segments.fileNumber(name) + 1);
      StoredFile file = storage.open(name);
      files.add(file);
      Segment segment = Segment.read(file, queue);
      if (segment != null && segment.number > 0) {
        checkSize(segment);
        found.add(segment);
      } else {
        spares.add(file);
      }
    }
    found.sort(Comparator.comparingLong(s -> s.number));
    List<Segment> needed = trimToNeeded(found, spares);
    List<Segment> cut = readAll(needed, spares);
    for (Segment segment : cut) {
      segment.file.close();
      storage.delete(segment.file.name());
    }
    for (Segment segment : needed) {
      // After the death of a process its last blocks may be in the page cache only, and whatever is
      // appended from here on says that they are durable.
      segment.file.force();
    }
    long newest = found.isEmpty() ? 0 : found.get(found.size() - 1).number;
    Segments segments = new Segments(storage, queue, segmentBytes, newest + 1, nextFile);
    needed.forEach(segments::addRecovered);
    spares.forEach(segments::addSpare);
    segments.sealCurrent();
    Journal journal =
        new Journal(queue, segments, extents, bodies, nextBlock, journaledEnd, maxBodyBytes);
    return new Opened(journal, journaledEnd, tornBytes, closed);
  }

  private void checkSize(Segment segment) throws IOException {
    long bytes = segment.file.size();
    if (bytes < segmentBytes) {
      throw corrupt(segment, bytes, "it was cut there, expected " + segmentBytes + " bytes");
    }
  }

  /**
   * Leaves out segments that were freed: those below what the newest readable block calls the
   * oldest needed.
   */
  private List<Segment> trimToNeeded(List<Segment> found, List<StoredFile> spares)
      throws IOException {
    long oldest = 0;
    for (int i = found.size() - 1; i >= 0 && oldest == 0; i--) {
      oldest = newestOldest(found.get(i));
    }
    List<Segment> needed = new ArrayList<>();
    for (Segment segment : found) {
      if (segment.number >= oldest) {
        needed.add(segment);
      } else {
        spares.add(segment.file);
      }
    }
    if (!needed.isEmpty()) {
      long first = needed.get(0).number;
      if (oldest > 0 && first != oldest) {
        throw corrupt(needed.get(0), 0, "segment " + oldest + " is missing; found " + first);
      }
      nextBlock = needed.get(0).firstBlock;
    }
    return needed;
  }

  /**
   * What the last good block of a segment calls the oldest needed segment; 0 if it has no good
   * block.
   */
  private long newestOldest(Segment segment) throws IOException {
    long oldest = 0;
    long number = segment.firstBlock;
    long offset = Segment.HEADER_BYTES;
    Block.@Nullable Header header;
    while ((header = headerAt(segment, offset)) != null && header.number() == number) {
      oldest = header.oldestSegment();
      offset += header.blockBytes();
      number++;
    }
    return oldest;
  }

  /**
   * Reads up to the first block that does not check out. Returns the segments behind it: a cycle
   * that was never forced may leave a later segment and lose a part of an earlier one.
   */
  private List<Segment> readAll(List<Segment> needed, List<StoredFile> spares) throws IOException {
    List<Segment> cut = List.of();
    for (int i = 0; i < needed.size(); i++) {
      Segment segment = needed.get(i);
      long end = readSegment(segment);
      if (i == needed.size() - 1 || needed.get(i + 1).firstBlock != nextBlock) {
        List<Segment> behind = needed.subList(i + 1, needed.size());
        checkNothingPromisedFollows(segment, end, behind);
        cut = List.copyOf(behind);
        behind.clear();
      }
    }
    for (StoredFile spare : spares) {
      checkSpare(spare, needed);
    }
    return cut;
  }

  /** Reads a segment's blocks up to the first that does not check out; returns its offset. */
  private long readSegment(Segment segment) throws IOException {
    long offset = Segment.HEADER_BYTES;
    while (true) {
      Block.@Nullable Header header = headerAt(segment, offset);
      if (header == null || header.number() != nextBlock) {
        return offset;
      }
      byte[] body = new byte[header.bodyBytes()];
      segment.file.read(ByteBuffer.wrap(body), offset + Block.HEADER_BYTES);
      if (!Block.bodyMatches(header, ByteBuffer.wrap(body))) {
        tornBytes = header.blockBytes();
        return offset;
      }
      tornBytes = 0;
      apply(segment, offset, header, body);
      offset += header.blockBytes();
      nextBlock++;
    }
  }

  private void apply(Segment segment, long offset, Block.Header header, byte[] body)
      throws IOException {
    journaledEnd = Math.max(journaledEnd, header.journaledEnd());
    closed = header.kind() == Block.CLOSED;
    if (header.kind() == Block.FINISHED) {
      ByteBuffer pairs = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
      while (pairs.remaining() >= 16) {
        extents.finish(pairs.getLong(), pairs.getLong());
      }
    } else if (header.bodyBytes() > 0) {
      PositionRanges gaps;
      try {
        gaps = bodies.gaps(body, header.first(), header.end());
      } catch (IOException e) {
        throw corrupt(segment, offset, String.valueOf(e.getMessage()));
      }
      extents.put(
          new Extent(
              header.first(),
              header.end(),
              segment,
              offset + Block.HEADER_BYTES,
              header.bodyBytes(),
              header.bodyCheck(),
              gaps));
    }
  }

  private Block.@Nullable Header headerAt(Segment segment, long offset) throws IOException {
    if (offset + Block.HEADER_BYTES > segmentBytes) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Block.HEADER_BYTES);
    segment.file.read(bytes, offset);
    Block.@Nullable Header header = Block.read(bytes, queue);
    boolean fits =
        header != null
            && header.segment() == segment.number
            && offset + header.blockBytes() <= segmentBytes;
    return fits ? header : null;
  }

  /**
   * A good block behind the first bad one that says the bad one was forced makes this corruption,
   * not a torn tail.
   */
  private void checkNothingPromisedFollows(Segment segment, long bad, List<Segment> behind)
      throws IOException {
    long torn = lastBehind(segment, bad + Block.ALIGNMENT, segment, bad) - bad;
    if (torn > 0) {
      tornBytes = Math.max(tornBytes, torn);
    }
    for (Segment later : behind) {
      long end = lastBehind(later, Segment.HEADER_BYTES, segment, bad);
      tornBytes += Math.max(0, end - Segment.HEADER_BYTES);
    }
  }

  /** The end of the last good block of {@code in} from {@code from} on, 0 if there is none. */
  private long lastBehind(Segment in, long from, Segment segment, long bad) throws IOException {
    long end = 0;
    for (long offset = from; offset < segmentBytes; offset += Block.ALIGNMENT) {
      Block.@Nullable Header header = headerAt(in, offset);
      if (header != null && header.number() > nextBlock) {
        if (header.durable() > nextBlock) {
          throw corrupt(
              segment,
              bad,
              "block "
                  + nextBlock
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

  /** A segment whose header is damaged must not pass for a spare. */
  private void checkSpare(StoredFile spare, List<Segment> needed) throws IOException {
    if (spare.size() < Segment.HEADER_BYTES + Block.HEADER_BYTES) {
      throw new CorruptionException(
          storage.describe(spare.name())
              + " has "
              + spare.size()
              + " bytes, expected "
              + segmentBytes
              + ": it was cut by something other than Bobbin; restore it from a backup",
          null);
    }
    long newest = needed.isEmpty() ? 0 : needed.get(needed.size() - 1).number;
    ByteBuffer bytes = ByteBuffer.allocate(Block.HEADER_BYTES);
    for (long offset = Segment.HEADER_BYTES; offset + Block.HEADER_BYTES <= spare.size(); ) {
      spare.read(bytes.clear(), offset);
      Block.@Nullable Header header = Block.read(bytes, queue);
      if (header == null || header.segment() <= newest) {
        return;
      }
      if (header.durable() > nextBlock) {
        throw new CorruptionException(
            "corrupt journal: "
                + storage.describe(spare.name())
                + " at offset 0: expected the header of segment "
                + header.segment()
                + ", found something else, but its blocks were promised. Nothing was changed; restore the"
                + " directory from a backup",
            null);
      }
      offset += header.blockBytes();
    }
  }

  private CorruptionException corrupt(Segment segment, long offset, String what) {
    return new CorruptionException(
        "corrupt journal: "
            + storage.describe(segment.file.name())
            + " at offset "
            + offset
            + ": "
            + what
            + ". Nothing was changed; restore the directory from a backup",
        null);
  }
}
