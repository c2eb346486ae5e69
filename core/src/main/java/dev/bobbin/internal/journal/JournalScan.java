package dev.bobbin.internal.journal;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal as it lies there, however damaged, and changes nothing. {@link JournalReader}
 * stops at the first block that was promised and does not check out; this goes on behind it, and
 * says what is missing and where.
 *
 * <p>What counts as promised is the same in both: a block is, if a good one behind it says that it
 * was forced. From the first block on that was not promised and does not check out, everything is a
 * torn tail, and not believed here either.
 */
public final class JournalScan implements AutoCloseable {
  private final Storage storage;
  private final int segmentBytes;
  private final Blocks blocks;
  private final ScannedFiles files;
  private final List<StoredBlock> found = new ArrayList<>();
  private final List<Flaw> flaws;
  private final List<Hole> holes = new ArrayList<>();
  private long next;
  private long journaledEnd;
  private long tornBytes;
  private boolean closed;
  private boolean torn;

  private JournalScan(Storage storage, Blocks blocks, ScannedFiles files) {
    this.storage = storage;
    this.blocks = blocks;
    this.segmentBytes = blocks.segmentBytes();
    this.files = files;
    this.flaws = files.flaws();
  }

  /** Reads the headers of all blocks, and the bodies of those that may be torn. */
  public static JournalScan of(Storage storage, long seed, int segmentBytes) throws IOException {
    Blocks blocks = new Blocks(storage, seed, segmentBytes);
    ScannedFiles files = new ScannedFiles(storage, blocks);
    boolean done = false;
    try {
      files.read();
      JournalScan scan = new JournalScan(storage, blocks, files);
      scan.follow();
      scan.cutWhereABodyIsTorn();
      scan.sumUp();
      done = true;
      return scan;
    } finally {
      if (!done) {
        files.close();
      }
    }
  }

  private void follow() {
    List<ScannedFiles.Scanned> needed = files.needed();
    next = needed.isEmpty() ? 0 : needed.get(0).firstBlock();
    for (int i = 0; i < needed.size(); i++) {
      follow(needed.get(i), files.limitOf(i));
    }
  }

  /**
   * @param limit from this block on, numbers belong to a later segment
   */
  private void follow(ScannedFiles.Scanned segment, long limit) {
    long lowest = journaledEnd;
    boolean damaged = false;
    List<Chain.Entry> added = new ArrayList<>();
    long at = Segment.HEADER_BYTES;
    for (Chain.Entry entry : segment.entries()) {
      long number = entry.header().number();
      if (number >= limit) {
        // An earlier recovery cut it, and gave its number again.
        break;
      }
      if (number < next) {
        continue;
      }
      if (number > next) {
        damaged |= miss(segment, at, number);
      } else if (entry.offset() != at) {
        damaged |= isMisplaced(damaged);
      }
      if (torn) {
        tornBytes += entry.header().blockBytes();
      } else {
        add(entry);
        added.add(entry);
      }
      next = number + 1;
      at = entry.offset() + entry.header().blockBytes();
    }
    if (limit != Long.MAX_VALUE && limit > next) {
      damaged |= miss(segment, at, limit);
      next = limit;
    }
    if (damaged) {
      holes(segment, added, lowest, !torn);
    }
  }

  /** Blocks from {@link #next} up to {@code to} are not there; returns whether that is damage. */
  private boolean miss(ScannedFiles.Scanned in, long from, long to) {
    torn |= next >= files.durable();
    if (torn) {
      return false;
    }
    String numbers = to == next + 1 ? "block " + next : "blocks " + next + " to " + (to - 1);
    String name = in.file().name();
    flaws.add(new Flaw(name, from, numbers + ", which was forced", "no header that checks out"));
    return true;
  }

  /**
   * Block {@link #next} is not where the one before it ends: blocks lie one behind the other.
   * Returns whether that is damage. Where something promised is missing too, whatever is left is
   * looked for.
   */
  private boolean isMisplaced(boolean damaged) {
    torn |= next >= files.durable() && flaws.isEmpty() && holes.isEmpty() && !damaged;
    return !torn;
  }

  /**
   * Notes whatever in a segment is none of its blocks: what is missing lies there, or a part of it.
   *
   * @param toItsEnd also what lies behind those that are there: not where that is a torn tail
   */
  private void holes(
      ScannedFiles.Scanned in, List<Chain.Entry> added, long lowest, boolean toItsEnd) {
    String name = in.file().name();
    long at = Segment.HEADER_BYTES;
    added.sort(Comparator.comparingLong(Chain.Entry::offset));
    for (Chain.Entry entry : added) {
      if (entry.offset() > at) {
        holes.add(new Hole(name, in.number(), at, entry.offset(), lowest, true));
      }
      at = entry.offset() + entry.header().blockBytes();
    }
    if (toItsEnd && at < in.bytes()) {
      holes.add(new Hole(name, in.number(), at, in.bytes(), lowest, false));
    }
  }

  private void add(Chain.Entry entry) {
    found.add(new StoredBlock(entry));
    journaledEnd = Math.max(journaledEnd, entry.header().journaledEnd());
  }

  private void cutWhereABodyIsTorn() {
    int first = found.size();
    while (first > 0 && found.get(first - 1).number() >= files.durable()) {
      first--;
    }
    for (int i = first; i < found.size(); i++) {
      if (!isWhole(found.get(i))) {
        List<StoredBlock> cut = found.subList(i, found.size());
        tornBytes += cut.stream().mapToLong(StoredBlock::bytes).sum();
        cut.clear();
      }
    }
  }

  private boolean isWhole(StoredBlock block) {
    try {
      return blocks.isWhole(block.entry);
    } catch (IOException e) {
      return false;
    }
  }

  private void sumUp() {
    journaledEnd = 0;
    for (StoredBlock block : found) {
      journaledEnd = Math.max(journaledEnd, block.entry.header().journaledEnd());
      closed = block.entry.header().kind() == Block.CLOSED;
    }
  }

  /** The blocks that check out as far as their headers tell, in order, up to the torn tail. */
  public List<StoredBlock> blocks() {
    return found;
  }

  /** What is damaged, as far as headers tell. */
  public List<Flaw> flaws() {
    return flaws;
  }

  /** Where promised blocks are missing. */
  public List<Hole> holes() {
    return holes;
  }

  /** Bytes of an unfinished write at the end. */
  public long tornBytes() {
    return tornBytes;
  }

  /** Every unfinished job below it is in the journal. */
  public long journaledEnd() {
    return journaledEnd;
  }

  /** Whether the queue was closed in order. */
  public boolean closed() {
    return closed;
  }

  /**
   * Whether there is a journal, but all of it is another queue's: then it is more likely that this
   * queue's other files are not its own.
   */
  public boolean isAnothers() {
    return files.isAnothers();
  }

  /** Names of the segments in use, oldest first. */
  public List<String> segments() {
    return files.needed().stream().map(s -> s.file().name()).distinct().toList();
  }

  /** Names of all files of the journal, spares included. */
  public List<String> allFiles() {
    return files.names();
  }

  /** How many segments are not in use. */
  public int spares() {
    return files.names().size() - segments().size();
  }

  /**
   * The oldest segment that is needed is among {@code others} and not here: those are the rest of
   * this journal.
   */
  public boolean goesOnFrom(JournalScan others) {
    boolean here = files.needed().stream().anyMatch(s -> s.number() == files.oldest());
    return files.oldest() > 0
        && !here
        && others.files.needed().stream().anyMatch(s -> s.number() == files.oldest());
  }

  /** Which of the files in {@link #allFiles} came before the oldest needed segment. */
  public List<String> outdated() {
    Map<String, Boolean> needed = new HashMap<>();
    files.needed().forEach(s -> needed.put(s.file().name(), true));
    return files.names().stream().filter(name -> !needed.containsKey(name)).toList();
  }

  /** The body, checked. */
  public byte[] body(StoredBlock block) throws IOException {
    return blocks.body(block.entry);
  }

  /** The body as it lies there, to look for what is left in it. */
  public byte[] uncheckedBody(StoredBlock block) throws IOException {
    return Blocks.read(block.entry, 0, block.bodyBytes());
  }

  /**
   * Pairs of positions that have no frame in the body.
   *
   * @throws CorruptionException if they are damaged
   */
  public long[] gaps(StoredBlock block) throws IOException {
    if (block.entry.header().hasJobs()) {
      return blocks.gaps(block.entry);
    }
    byte[] bytes = Blocks.read(block.entry, block.bodyBytes(), block.entry.header().gapBytes());
    if (!Blocks.matches(block.entry.header(), bytes)) {
      throw new CorruptionException("its gaps do not match their checksum", null);
    }
    return new long[0];
  }

  /** Bytes of a file, as many as there are from {@code offset} on; at most {@code bytes}. */
  public byte[] raw(String file, long offset, int bytes) throws IOException {
    StoredFile stored = files.file(file);
    byte[] read = new byte[(int) Math.max(0, Math.min(bytes, stored.size() - offset))];
    stored.read(ByteBuffer.wrap(read), offset);
    return read;
  }

  /**
   * Whether jobs that were copied forward may lie from the page at {@code at} on: so the header
   * there says, damaged as it is.
   *
   * @param before what is answered where no header is
   */
  public boolean mayHoldMoved(Hole hole, long at, boolean before) throws IOException {
    byte[] bytes = raw(hole.file(), at, Block.HEADER_BYTES);
    if (bytes.length < Block.HEADER_BYTES) {
      return before;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Block.@Nullable Header whole = Block.read(header, blocks.seed());
    if (whole != null) {
      // Another segment's is of an earlier use of the file.
      return whole.segment() == hole.segment() && whole.kind() == Block.MOVED;
    }
    int kind = header.getInt(Block.KIND);
    boolean begins = header.getInt(0) == Block.MAGIC || at == hole.from();
    boolean known = begins && kind >= Block.JOBS && kind <= Block.CLOSED;
    return known ? kind == Block.MOVED : before;
  }

  /** Where the body of the block at {@code at} begins. */
  public long bodyAt(long at) {
    return at + Block.HEADER_BYTES;
  }

  /**
   * Whether all of a block is still there behind the damaged header at {@code at}: then the body,
   * or null.
   *
   * @param largestJobBytes bounds what is read for a length that was made up
   */
  public byte @Nullable [] bodyBehind(String file, long at, long end, int largestJobBytes)
      throws IOException {
    byte[] bytes = raw(file, at, Block.HEADER_BYTES);
    if (bytes.length < Block.HEADER_BYTES) {
      return null;
    }
    if (Block.read(ByteBuffer.wrap(bytes), blocks.seed()) != null) {
      // It is no damaged one, but of an earlier use of the file: its jobs are finished.
      return null;
    }
    Block.Fields fields = Block.fields(ByteBuffer.wrap(bytes));
    long most = Math.max(Journal.MAX_BODY_BYTES, largestJobBytes);
    long left = Math.min(most, end - at - Block.HEADER_BYTES);
    if (fields.bodyBytes() <= 0 || fields.bodyBytes() > left) {
      return null;
    }
    byte[] body = raw(file, at + Block.HEADER_BYTES, fields.bodyBytes());
    return body.length == fields.bodyBytes()
            && Block.check(ByteBuffer.wrap(body), 0, body.length, 0) == fields.bodyCheck()
        ? body
        : null;
  }

  /** An empty journal in {@code empty}, whose files, segments and blocks come after all of this. */
  public Journal successor(Storage empty, Journal.Bodies bodies, int largestJobBytes) {
    Segments segments =
        new Segments(
            empty, blocks.seed(), segmentBytes, files.newest() + 1, files.highestFile() + 1);
    int maxBodyBytes = Math.max(Journal.MAX_BODY_BYTES, largestJobBytes);
    ByteBuffer buffer = ByteBuffer.allocateDirect(Journal.blockBytes(maxBodyBytes));
    return new Journal(
        blocks.seed(),
        segments,
        new Extents(),
        bodies,
        files.highestBlock() + 1,
        0,
        maxBodyBytes,
        buffer.order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Where a file is, for messages. */
  public String describe(String file) {
    return storage.describe(file);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
