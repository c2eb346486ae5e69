package dev.bobbin.internal.journal;

import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal that is only read, with every block in them whose header checks out,
 * whatever lies in between. A segment whose own header is damaged is known by its blocks.
 */
final class ScannedFiles {
  /** As many unreadable places of one file are told; the others are only left out. */
  private static final int TOLD_READ_ERRORS = 16;

  /** Headers lie in every page at most: all of a file is read from the disk in any case. */
  private static final int READ_BYTES = 256 << 10;

  private final Storage storage;
  private final Blocks blocks;
  private final Map<String, StoredFile> files = new LinkedHashMap<>();
  private final List<Scanned> withHeader = new ArrayList<>();
  private final List<StoredFile> headless = new ArrayList<>();
  private final List<Scanned> withoutHeader = new ArrayList<>();
  private final List<Flaw> flaws = new ArrayList<>();
  private List<Scanned> needed = List.of();
  private long oldest;
  private long durable;
  private long newest;
  private long highestBlock;
  private long highestFile = -1;
  private boolean foreign;

  ScannedFiles(Storage storage, Blocks blocks) {
    this.storage = storage;
    this.blocks = blocks;
  }

  /** A segment and its good blocks, with rising numbers. */
  record Scanned(Segment segment, long bytes, List<Chain.Entry> entries) {
    StoredFile file() {
      return segment.file;
    }

    long number() {
      return segment.number;
    }

    long firstBlock() {
      return segment.firstBlock;
    }
  }

  void read() throws IOException {
    for (String name : storage.list()) {
      if (Segments.isName(name)) {
        highestFile = Math.max(highestFile, Segments.fileNumber(name));
        StoredFile file = storage.open(name);
        files.put(name, file);
        look(file);
      }
    }
    leaveOutCopies();
    for (StoredFile file : headless) {
      boolean known = guess(file, Math.min(file.size(), blocks.segmentBytes()));
      if (!known && isForeign(file)) {
        foreign = true;
        flaws.add(new Flaw(file.name(), 0, "a segment of this queue", "one of another queue"));
      }
    }
    choose();
  }

  private void look(StoredFile file) throws IOException {
    long size = file.size();
    int segmentBytes = blocks.segmentBytes();
    String all = segmentBytes + " bytes";
    if (size < Segment.HEADER_BYTES + Block.HEADER_BYTES) {
      flaws.add(new Flaw(file.name(), size, all, "the file ends"));
      return;
    }
    long bytes = Math.min(size, segmentBytes);
    Segment segment = segment(file);
    if (segment != null && segment.number > 0) {
      if (size < segmentBytes) {
        flaws.add(new Flaw(file.name(), size, all, "the file ends"));
      }
      List<Chain.Entry> candidates = candidates(segment, bytes);
      List<Chain.Entry> own = entries(segment, candidates);
      if (hasNewer(segment, candidates)) {
        headless.add(file);
        if (own.isEmpty()) {
          return;
        }
      }
      newest = Math.max(newest, segment.number);
      withHeader.add(new Scanned(segment, bytes, own));
    } else {
      // A spare, most of them; but its header may have been brought here.
      headless.add(file);
    }
  }

  /**
   * A file's header is written before its blocks: one that is older was brought there, or newer
   * blocks were. A header may have come with blocks; then the file counts for both segments.
   */
  private static boolean hasNewer(Segment segment, List<Chain.Entry> candidates) {
    return candidates.stream().anyMatch(entry -> entry.header().segment() > segment.number);
  }

  private @Nullable Segment segment(StoredFile file) {
    try {
      return Segment.read(file, blocks.seed());
    } catch (IOException e) {
      flaws.add(unreadable(file, 0, e));
      return null;
    }
  }

  private static Flaw unreadable(StoredFile file, long offset, IOException error) {
    return new Flaw(file.name(), offset, "bytes that can be read", String.valueOf(error));
  }

  private boolean isForeign(StoredFile file) {
    try {
      return Segment.isForeign(file, blocks.seed());
    } catch (IOException e) {
      // Told already.
      return false;
    }
  }

  /**
   * Takes a file whose header is damaged for the segment that its newest blocks name, but for
   * blocks that something brought there from another segment; returns whether there are any.
   */
  private boolean guess(StoredFile file, long bytes) {
    long number = 0;
    List<Chain.Entry> candidates = candidates(new Segment(file, 0, 0), bytes);
    for (Chain.Entry entry : candidates) {
      long named = entry.header().segment();
      if (named > number && withHeader.stream().noneMatch(s -> s.number() == named)) {
        number = named;
      }
    }
    List<Chain.Entry> entries =
        number == 0 ? List.of() : entries(new Segment(file, number, 0), candidates);
    if (!entries.isEmpty()) {
      Segment guessed = new Segment(file, number, entries.get(0).header().number());
      withoutHeader.add(new Scanned(guessed, bytes, entries(guessed, candidates)));
    }
    return !entries.isEmpty();
  }

  /** The blocks of {@code segment}, wherever they lie in its file, with rising numbers. */
  private List<Chain.Entry> entries(Segment segment, List<Chain.Entry> candidates) {
    List<Chain.Entry> own = new ArrayList<>();
    for (Chain.Entry entry : candidates) {
      Block.Header header = entry.header();
      if (header.segment() == segment.number && header.number() >= segment.firstBlock) {
        own.add(new Chain.Entry(segment, entry.offset(), header));
      }
    }
    return Placement.of(blocks, own);
  }

  /**
   * Whatever in a file checks out as the header of a block that is there to its end: of a file that
   * was cut, its padding need not be.
   */
  private List<Chain.Entry> candidates(Segment segment, long bytes) {
    List<Chain.Entry> found = new ArrayList<>();
    for (long at = Segment.HEADER_BYTES; at < bytes; at += READ_BYTES) {
      int length = (int) Math.min(READ_BYTES, bytes - at);
      ByteBuffer part = read(segment.file, at, length);
      for (int in = 0; in + Block.HEADER_BYTES <= length; in += Block.ALIGNMENT) {
        Block.@Nullable Header header =
            part == null
                ? header(segment.file, at + in)
                : Block.read(part.slice(in, Block.HEADER_BYTES), blocks.seed());
        if (header != null && at + in + header.contentBytes() <= bytes) {
          found.add(new Chain.Entry(segment, at + in, header));
        }
      }
    }
    return found;
  }

  /** A part of a file, or null if not all of it can be read. */
  private static @Nullable ByteBuffer read(StoredFile file, long at, int length) {
    ByteBuffer part = ByteBuffer.allocate(length);
    try {
      file.read(part, at);
      return part;
    } catch (IOException e) {
      return null;
    }
  }

  private Block.@Nullable Header header(StoredFile file, long at) {
    ByteBuffer bytes = ByteBuffer.allocate(Block.HEADER_BYTES);
    try {
      file.read(bytes, at);
    } catch (IOException e) {
      long told = flaws.stream().filter(flaw -> flaw.file().equals(file.name())).count();
      if (told < TOLD_READ_ERRORS) {
        flaws.add(unreadable(file, at, e));
      }
      return null;
    }
    return Block.read(bytes, blocks.seed());
  }

  /** Leaves out what was freed, and takes in what only lost its header. */
  private void choose() {
    withHeader.forEach(this::note);
    long last = withHeader.isEmpty() ? -1 : highestBlock;
    List<Scanned> chosen = new ArrayList<>();
    for (Scanned scanned : withHeader) {
      if (scanned.number() >= oldest) {
        chosen.add(scanned);
      }
    }
    for (Scanned scanned : withoutHeader) {
      boolean freed = scanned.number() < oldest;
      boolean known = chosen.stream().anyMatch(s -> s.number() == scanned.number());
      if (freed || known) {
        continue;
      }
      note(scanned);
      // Its own blocks were forced, or those before them that are nowhere any more.
      if (scanned.firstBlock() < durable || durable > last + 1) {
        String expected =
            "the header of segment " + scanned.number() + ", whose blocks were forced";
        flaws.add(new Flaw(scanned.file().name(), 0, expected, "no header that checks out"));
        chosen.add(scanned);
      }
    }
    chosen.sort(Comparator.comparingLong(Scanned::number));
    chosen.removeIf(scanned -> scanned.number() < oldest);
    needed = chosen;
    if (oldest > 0 && !needed.isEmpty() && needed.get(0).number() != oldest) {
      String found = "segment " + needed.get(0).number() + " is the oldest one";
      flaws.add(
          new Flaw(needed.get(0).file().name(), 0, "segment " + oldest + " before it", found));
    }
  }

  /**
   * Of two files that say they are the same segment, the one with more blocks counts. The other one
   * may have got that header from it.
   */
  private void leaveOutCopies() {
    withHeader.sort(
        Comparator.comparingLong(Scanned::number)
            .thenComparing(s -> s.entries().size(), Comparator.reverseOrder()));
    for (int i = withHeader.size() - 1; i > 0; i--) {
      Scanned scanned = withHeader.get(i);
      Scanned before = withHeader.get(i - 1);
      if (scanned.number() == before.number()) {
        String found = "the same number as in " + before.file().name();
        flaws.add(new Flaw(scanned.file().name(), 0, "a segment with a number of its own", found));
        withHeader.remove(i);
        if (!headless.contains(scanned.file())) {
          headless.add(scanned.file());
        }
      }
    }
  }

  private void note(Scanned scanned) {
    newest = Math.max(newest, scanned.number());
    highestBlock = Math.max(highestBlock, scanned.firstBlock());
    for (Chain.Entry entry : scanned.entries()) {
      Block.Header header = entry.header();
      highestBlock = Math.max(highestBlock, header.number());
      oldest = Math.max(oldest, header.oldestSegment());
      durable = Math.max(durable, header.durable());
    }
  }

  /** Whether there is a journal here, but all of it is another queue's. */
  boolean isAnothers() {
    return foreign && withHeader.isEmpty() && withoutHeader.isEmpty();
  }

  /** The segments that are needed, oldest first. */
  List<Scanned> needed() {
    return needed;
  }

  /** From this block on, numbers belong to a later segment than number {@code index}. */
  long limitOf(int index) {
    long limit = Long.MAX_VALUE;
    for (Scanned later : needed.subList(index + 1, needed.size())) {
      limit = Math.min(limit, later.firstBlock());
    }
    return limit;
  }

  List<String> names() {
    return List.copyOf(files.keySet());
  }

  StoredFile file(String name) {
    StoredFile file = files.get(name);
    if (file == null) {
      throw new IllegalArgumentException("no segment " + name);
    }
    return file;
  }

  List<Flaw> flaws() {
    return flaws;
  }

  long oldest() {
    return oldest;
  }

  /** Every block below it was forced. */
  long durable() {
    return durable;
  }

  long newest() {
    return newest;
  }

  long highestBlock() {
    return highestBlock;
  }

  long highestFile() {
    return highestFile;
  }

  void close() throws IOException {
    for (StoredFile file : files.values()) {
      file.close();
    }
  }
}
