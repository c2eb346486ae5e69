package dev.bobbin.internal.journal;

import dev.bobbin.internal.journal.Journal.Bodies;
import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Opens a journal: follows its blocks in order and builds the index of what is live. Its time grows
 * with the number of blocks, not with the bytes in them.
 *
 * <p>What is behind a torn tail stays cut, because nothing is ever written behind it: the journal
 * continues in a new segment.
 */
public final class JournalReader {
  private final Storage storage;
  private final long queue;
  private final int segmentBytes;

  /**
   * The largest body to be written: with this opening's largest job, or one that an opening with
   * larger jobs left and that may have to be moved.
   */
  private int maxBodyBytes;

  private final Bodies bodies;
  private final IntFunction<ByteBuffer> buffers;
  private final Blocks blocks;
  private final Extents extents = new Extents();

  private long journaledEnd;
  private boolean closed;

  /**
   * @param largestJobBytes what one job takes up at most: every job must fit a block of its own
   * @param buffers gives a direct buffer of at least so many bytes; the I/O thread may share one
   *     among journals, as no two put a block together at once
   */
  public JournalReader(
      Storage storage,
      long queue,
      int segmentBytes,
      int largestJobBytes,
      Bodies bodies,
      IntFunction<ByteBuffer> buffers) {
    this.storage = storage;
    this.queue = queue;
    this.segmentBytes = segmentBytes;
    this.maxBodyBytes = Math.max(Journal.MAX_BODY_BYTES, largestJobBytes);
    this.bodies = bodies;
    this.buffers = buffers;
    this.blocks = new Blocks(storage, queue, segmentBytes);
  }

  /** What reading found, and the journal to go on with. */
  public record Opened(Journal journal, long journaledEnd, long tornBytes, boolean closed) {}

  /**
   * Reads everything; the journal continues in a new segment.
   *
   * @param promisedEnd what {@link Opened#journaledEnd} must be at least, by what is known from
   *     elsewhere
   */
  public Opened open(long promisedEnd) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    boolean opened = false;
    try {
      Opened result = goOn(read(files, promisedEnd));
      opened = true;
      return result;
    } finally {
      if (!opened) {
        close(files);
      }
    }
  }

  /**
   * Reads everything as {@link #open} does, and changes nothing.
   *
   * @throws dev.bobbin.CorruptionException if {@link #open} would throw it
   */
  public void check(long promisedEnd) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    try {
      read(files, promisedEnd);
    } finally {
      close(files);
    }
  }

  private static void close(List<StoredFile> files) throws IOException {
    for (StoredFile file : files) {
      file.close();
    }
  }

  /** What there is, before anything is changed. */
  private record Read(Chain chain, List<StoredFile> spares, long newest, long nextFile) {}

  private Read read(List<StoredFile> files, long promisedEnd) throws IOException {
    List<Segment> found = new ArrayList<>();
    List<StoredFile> spares = new ArrayList<>();
    long nextFile = find(files, found, spares);
    long newest = found.isEmpty() ? 0 : found.get(found.size() - 1).number;
    List<Segment> needed = trimToNeeded(found, spares);
    Chain chain = Chain.follow(blocks, needed);
    for (StoredFile spare : spares) {
      newest = Math.max(newest, checkSpare(spare, needed, chain));
    }
    for (Chain.Entry entry : chain.entries()) {
      apply(entry);
    }
    refuseIfShort(chain, promisedEnd);
    return new Read(chain, spares, newest, nextFile);
  }

  private Opened goOn(Read read) throws IOException {
    Chain chain = read.chain;
    for (Segment segment : chain.behind()) {
      segment.file.close();
      storage.delete(segment.file.name());
    }
    Segments segments = new Segments(storage, queue, segmentBytes, read.newest + 1, read.nextFile);
    new Unpromised(blocks, chain).writeAgain();
    for (Segment segment : chain.kept()) {
      // After the death of a process its last blocks may be in the page cache only, and whatever is
      // appended from here on says that they are durable.
      segment.file.force();
      segments.addRecovered(segment);
    }
    read.spares.forEach(segments::addSpare);
    segments.sealCurrent();
    ByteBuffer buffer = buffers.apply(Journal.blockBytes(maxBodyBytes));
    Journal journal =
        new Journal(
            queue,
            segments,
            extents,
            bodies,
            chain.next(),
            journaledEnd,
            maxBodyBytes,
            buffer.order(ByteOrder.LITTLE_ENDIAN));
    return new Opened(journal, journaledEnd, chain.tornBytes(), closed);
  }

  /** No block that is there speaks of those in a newest segment that is gone. */
  private void refuseIfShort(Chain chain, long promisedEnd) {
    if (journaledEnd < promisedEnd) {
      List<Segment> kept = chain.kept();
      throw blocks.corrupt(
          kept.isEmpty() ? "" : kept.get(kept.size() - 1).file.name(),
          chain.endOffset(),
          "the journal ends there with position "
              + journaledEnd
              + ", but the ring has been in use beyond "
              + promisedEnd
              + ": a newer segment is missing");
    }
  }

  /** Sorts the files into segments, oldest first, and spares; returns the next file's number. */
  private long find(List<StoredFile> files, List<Segment> found, List<StoredFile> spares)
      throws IOException {
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
        long bytes = file.size();
        if (bytes < segmentBytes) {
          throw blocks.corrupt(
              segment, bytes, "it was cut there, expected " + segmentBytes + " bytes");
        }
        found.add(segment);
      } else if (segment == null && Segment.isForeign(file, queue)) {
        throw blocks.corrupt(
            name,
            0,
            "it is a segment of another queue: either it or the file \"queue\" does not belong"
                + " here");
      } else {
        spares.add(file);
      }
    }
    found.sort(Comparator.comparingLong(s -> s.number));
    for (int i = 1; i < found.size(); i++) {
      if (found.get(i).number == found.get(i - 1).number) {
        throw blocks.corrupt(
            found.get(i),
            0,
            "it is segment "
                + found.get(i).number
                + ", and so is "
                + found.get(i - 1).file.name()
                + ": one of them is a copy");
      }
    }
    return nextFile;
  }

  /**
   * Leaves out segments that were freed: those below what the newest readable block calls the
   * oldest needed.
   */
  private List<Segment> trimToNeeded(List<Segment> found, List<StoredFile> spares)
      throws IOException {
    long oldest = 0;
    for (int i = found.size() - 1; i >= 0 && oldest == 0; i--) {
      oldest = walk(found.get(i)).oldest();
    }
    List<Segment> needed = new ArrayList<>();
    for (Segment segment : found) {
      if (segment.number >= oldest) {
        needed.add(segment);
      } else {
        spares.add(segment.file);
      }
    }
    if (!needed.isEmpty() && oldest > 0 && needed.get(0).number != oldest) {
      throw blocks.corrupt(
          needed.get(0), 0, "segment " + oldest + " is missing; found " + needed.get(0).number);
    }
    return needed;
  }

  /**
   * The good blocks of a segment that lie one behind the other.
   *
   * @param inLast one page into the last one, or where the first one would be
   * @param end where the last one ends
   * @param oldest what it calls the oldest needed segment; 0 if there is none
   */
  private record Walk(long inLast, long end, long oldest) {}

  private Walk walk(Segment segment) throws IOException {
    long oldest = 0;
    long number = segment.firstBlock;
    long inLast = Segment.HEADER_BYTES;
    long offset = Segment.HEADER_BYTES;
    Block.@Nullable Header header;
    while ((header = blocks.header(segment, offset)) != null && header.number() == number) {
      oldest = header.oldestSegment();
      inLast = offset + Block.ALIGNMENT;
      offset += header.blockBytes();
      number++;
    }
    return new Walk(inLast, offset, oldest);
  }

  private void apply(Chain.Entry entry) throws IOException {
    Block.Header header = entry.header();
    journaledEnd = Math.max(journaledEnd, header.journaledEnd());
    closed = header.kind() == Block.CLOSED;
    if (header.kind() == Block.FINISHED) {
      ByteBuffer pairs = ByteBuffer.wrap(blocks.body(entry)).order(ByteOrder.LITTLE_ENDIAN);
      while (pairs.remaining() >= Block.GAP_BYTES) {
        long from = pairs.getLong();
        long to = pairs.getLong();
        if (from >= to) {
          throw blocks.corrupt(entry.segment(), entry.offset(), "an empty finished range");
        }
        extents.finish(from, to);
      }
    } else if (header.hasJobs()) {
      maxBodyBytes = Math.max(maxBodyBytes, header.bodyBytes());
      extents.put(new Extent(entry.segment(), entry.offset(), header, blocks.gaps(entry)));
    }
  }

  /**
   * A segment whose header is damaged must not pass for a spare. Returns the highest segment number
   * that a block in it names: none that is given again may bring that block back.
   */
  private long checkSpare(StoredFile spare, List<Segment> needed, Chain chain) throws IOException {
    if (spare.size() < Segment.HEADER_BYTES + Block.HEADER_BYTES) {
      throw blocks.corrupt(
          spare.name(),
          spare.size(),
          "it was cut there by something other than Bobbin, expected " + segmentBytes + " bytes");
    }
    long newest = needed.isEmpty() ? 0 : needed.get(needed.size() - 1).number;
    Segment freed = Segment.read(spare, queue);
    long highest = 0;
    ByteBuffer bytes = ByteBuffer.allocate(Block.HEADER_BYTES);
    long size = Math.min(spare.size(), segmentBytes);
    long from = Segment.HEADER_BYTES;
    long end = size;
    boolean toItsEnd = freed == null;
    if (freed != null) {
      // That of a spare, or it was brought here, and blocks with it: then those of the file follow
      // within the length of one. Otherwise it is older ones that follow.
      Walk walk = walk(freed);
      from = walk.inLast();
      end = Math.min(size, walk.end() + Journal.blockBytes(maxBodyBytes));
    }
    for (long offset = from; offset <= end - Block.HEADER_BYTES; offset += Block.ALIGNMENT) {
      spare.read(bytes.clear(), offset);
      Block.@Nullable Header header = Block.read(bytes, queue);
      if (header == null) {
        continue;
      }
      if (header.segment() <= newest) {
        if (!toItsEnd) {
          break;
        }
        continue;
      }
      toItsEnd = true;
      end = size;
      highest = Math.max(highest, header.segment());
      if (header.durable() > chain.next()) {
        throw blocks.corrupt(
            spare.name(),
            0,
            "expected the header of segment "
                + header.segment()
                + ", found something else, but its blocks were promised");
      }
    }
    return highest;
  }
}
