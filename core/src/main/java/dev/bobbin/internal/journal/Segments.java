package dev.bobbin.internal.journal;

import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a journal: in use from oldest to newest, freed but not yet reusable, and spare.
 * Owned by the I/O thread.
 *
 * <p>Invariant 4: a segment is freed when it is the oldest, is not being written, and has no live
 * bytes; and it is reused only after a later force of a block that says so ({@code oldest}), for
 * until then recovery would still look for it.
 *
 * <p>Invariant 8: one spare is held back. Jobs take it only when another is there or can be made,
 * or when producers have been refused since (then what is left in the ring has to be written before
 * its acks may be), so that acks find room.
 */
final class Segments {
  private static final String SUFFIX = ".segment";
  private static final int KEPT_SPARES = 3;

  /** A block without a body. */
  private static final long WORD_BYTES = Block.aligned(Block.HEADER_BYTES);

  /** A segment that was freed, and the block whose force allows its reuse. */
  private record Freed(Segment segment, long reusableAfter) {}

  private final Storage storage;
  private final long queue;
  private final int segmentBytes;
  private final ArrayDeque<Segment> inUse = new ArrayDeque<>();
  private final ArrayDeque<Freed> freed = new ArrayDeque<>();
  private final ArrayDeque<StoredFile> spares = new ArrayDeque<>();
  private final List<Segment> unforced = new ArrayList<>();
  private long nextNumber;
  private long nextFile;
  private long offset;

  private boolean full;

  /** No producer is there yet: the reserve is for what recovery has to write. */
  private boolean recovering;

  /** Why there was no room the last time that there was none. */
  private @Nullable NoSpaceException whyFull;

  Segments(Storage storage, long queue, int segmentBytes, long nextNumber, long nextFile) {
    this.storage = storage;
    this.queue = queue;
    this.segmentBytes = segmentBytes;
    this.nextNumber = nextNumber;
    this.nextFile = nextFile;
  }

  static boolean isName(String name) {
    return name.matches("[0-9]{1,18}\\.segment");
  }

  static long fileNumber(String name) {
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** Takes over a segment found on opening, oldest first. Nothing is written to it any more. */
  void addRecovered(Segment segment) {
    inUse.add(segment);
  }

  void addSpare(StoredFile file) {
    spares.add(file);
  }

  /** The segment that the next {@code bytes} go to, a new one if they do not fit. */
  Segment forAppend(long bytes, long nextBlock, boolean jobs) throws IOException {
    Segment current = inUse.peekLast();
    // Without a spare the last place of the segment is kept for the word that makes one: see
    // owesWord.
    long kept = spares.isEmpty() ? WORD_BYTES : 0;
    if (current == null || offset == 0 || offset + bytes > segmentBytes - kept) {
      current = roll(nextBlock, jobs);
    }
    return use(current, bytes);
  }

  /** Where an empty block goes, which the place kept for it is for. */
  Segment forWord(long nextBlock) throws IOException {
    Segment current = inUse.peekLast();
    if (current == null || offset == 0 || offset + WORD_BYTES > segmentBytes) {
      current = roll(nextBlock, false);
    }
    return use(current, WORD_BYTES);
  }

  /**
   * Whether a segment was freed that would be the only spare, if a block said so: on a full disk
   * nobody else might ever write one.
   */
  boolean owesWord() {
    return spares.isEmpty()
        && !freed.isEmpty()
        && offset > 0
        && offset + WORD_BYTES <= segmentBytes;
  }

  private Segment use(Segment current, long bytes) throws IOException {
    if (offset + bytes > segmentBytes) {
      throw new IOException(
          "a block of " + bytes + " bytes does not fit a segment of " + segmentBytes);
    }
    if (!unforced.contains(current)) {
      unforced.add(current);
    }
    return current;
  }

  private Segment roll(long nextBlock, boolean jobs) throws IOException {
    boolean mayUseReserve = full || recovering;
    boolean another = prepareSpare();
    if (spares.isEmpty() || (jobs && !another && !mayUseReserve)) {
      throw new NoSpaceException(
          "no room for another segment of " + segmentBytes + " bytes in " + storage.describe(""),
          whyFull);
    }
    Segment segment = new Segment(spares.remove(), nextNumber++, nextBlock);
    segment.file.write(Segment.header(queue, segment.number, nextBlock), 0);
    offset = Segment.HEADER_BYTES;
    inUse.add(segment);
    return segment;
  }

  /** Sees to it that a spare is left when one is taken; returns whether it is. */
  boolean prepareSpare() throws IOException {
    full = false;
    recovering = false;
    while (spares.size() < 2) {
      String name = String.format("%08d%s", nextFile, SUFFIX);
      try {
        spares.add(storage.create(name, Segment.header(queue, 0, 0), segmentBytes));
      } catch (NoSpaceException e) {
        full = true;
        whyFull = e;
        return false;
      }
      nextFile++;
    }
    return true;
  }

  long offset() {
    return offset;
  }

  void advance(long bytes) {
    offset += bytes;
  }

  /**
   * Begins a new segment with the next append: after recovery, nothing is written behind what was
   * found.
   */
  void sealCurrent() {
    offset = 0;
    recovering = true;
  }

  void force() throws IOException {
    for (Segment segment : unforced) {
      segment.file.force();
    }
    unforced.clear();
  }

  /**
   * Frees the oldest segments that nobody needs, and makes those reusable that were freed before
   * {@code durableBlock}.
   */
  void free(long durableBlock, Extents extents) throws IOException {
    long liveBytes = extents.liveBytes();
    while (inUse.size() > 1 && extents.isFree(inUse.getFirst())) {
      freed.add(new Freed(inUse.remove(), durableBlock));
    }
    while (!freed.isEmpty() && freed.peekFirst().reusableAfter < durableBlock) {
      StoredFile file = freed.remove().segment.file;
      if (spares.size() < KEPT_SPARES || liveBytes > (long) spares.size() * segmentBytes) {
        spares.add(file);
      } else {
        file.close();
        storage.delete(file.name());
      }
    }
  }

  /**
   * Whether long-lived jobs pin the oldest segment of a journal that has grown past twice its live
   * bytes; with a full disk, whether that segment gives back three times what moving it takes
   * (invariant 8: acks, retries and dead letters go on, and need segments).
   */
  boolean isWorthCompacting(long liveBytes) {
    if (full && inUse.size() > 1) {
      long oldest = inUse.getFirst().liveBytes;
      return oldest > 0 && oldest <= segmentBytes / 4;
    }
    return inUse.size() > 3
        && inUse.peekFirst().liveBytes > 0
        && bytes() > 2 * liveBytes + 2L * segmentBytes;
  }

  Segment oldest() {
    return inUse.getFirst();
  }

  long oldestNumber() {
    return inUse.getFirst().number;
  }

  int inUse() {
    return inUse.size();
  }

  long bytes() {
    return (long) inUse.size() * segmentBytes;
  }

  boolean isFull() {
    return full;
  }

  String describe(Segment segment) {
    return storage.describe(segment.file.name());
  }

  void close() throws IOException {
    for (Segment segment : inUse) {
      segment.file.close();
    }
    for (Freed segment : freed) {
      segment.segment.file.close();
    }
    for (StoredFile file : spares) {
      file.close();
    }
  }
}
