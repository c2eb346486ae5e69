package dev.bobbin.internal.inspect;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.journal.Flaw;
import dev.bobbin.internal.journal.Hole;
import dev.bobbin.internal.journal.JournalScan;
import dev.bobbin.internal.journal.StoredBlock;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.recovery.FrameBodies.FrameVisitor;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All unfinished jobs of a journal that can be believed, in order of position, and all that is
 * damaged on the way.
 *
 * <p>Blocks whose bodies check out are believed whole. Of others, and of what lies where no header
 * checks out, those frames are believed that check out by themselves. A finished range is believed
 * if its whole block is.
 */
final class Survey implements Salvage.LossVisitor {
  private static final int PAIR_BYTES = 16;

  private final JournalScan scan;
  private final FrameBodies frames;
  private final Salvage salvage;
  private final LongConsumer progress;
  private final PositionRanges finished = new PositionRanges();
  private final List<Flaw> flaws = new ArrayList<>();
  private final List<Lost> lost = new ArrayList<>();

  /**
   * Blocks of the same positions: a block, and what was copied forward from it, the newest last.
   */
  private final TreeMap<Long, List<StoredBlock>> extents = new TreeMap<>();

  /** Blocks whose gaps are damaged. */
  private final Set<StoredBlock> withoutGaps = new HashSet<>();

  /** Frames from holes. */
  private final TreeMap<Long, byte[]> loose = new TreeMap<>();

  /** Set when everything was read once: what is damaged is told once. */
  private boolean told;

  private long lostAckBlocks;
  private long readBytes;

  /** A place where nothing could be saved. */
  record Lost(String file, long offset, long bytes) {}

  /** Reads what is finished, and which blocks hold the jobs. */
  Survey(JournalScan scan, long seed, int largestFrame, LongConsumer progress) throws IOException {
    this.scan = scan;
    this.frames = new FrameBodies(seed);
    this.salvage = new Salvage(seed, largestFrame, this);
    this.progress = progress;
    flaws.addAll(scan.flaws());
    for (StoredBlock block : scan.blocks()) {
      if (block.hasFinished()) {
        readFinished(block);
      } else if (block.hasJobs()) {
        extents.computeIfAbsent(block.first(), first -> new ArrayList<>(1)).add(block);
      }
      checkGaps(block);
    }
    for (Hole hole : scan.holes()) {
      salvage.hole(
          scan,
          hole,
          (bytes, offset, position) -> {
            int end = offset + Frame.aligned(Frame.length(bytes, offset));
            loose.put(position, Arrays.copyOfRange(bytes, offset, end));
          });
    }
  }

  private void readFinished(StoredBlock block) {
    PositionRanges ranges = new PositionRanges();
    try {
      ByteBuffer pairs = ByteBuffer.wrap(scan.body(block)).order(ByteOrder.LITTLE_ENDIAN);
      while (pairs.remaining() >= PAIR_BYTES) {
        ranges.add(pairs.getLong(), pairs.getLong());
      }
      ranges.forEach(Long.MIN_VALUE, Long.MAX_VALUE, finished::add);
    } catch (CorruptionException | IllegalArgumentException | IOException e) {
      lostAckBlocks++;
      flaw(block, block.bodyOffset(), "acks that match the checksum of block ", e);
    }
    read(block);
  }

  private void checkGaps(StoredBlock block) {
    try {
      scan.gaps(block);
    } catch (CorruptionException | IOException e) {
      withoutGaps.add(block);
      long at = block.bodyOffset() + block.bodyBytes();
      flaw(block, at, "gaps that match the checksum and the body of block ", e);
    }
  }

  private void flaw(StoredBlock block, long at, String expected, Exception found) {
    String what = found instanceof CorruptionException ? "other bytes" : String.valueOf(found);
    tell(new Flaw(block.file(), at, expected + block.number(), what));
  }

  private void tell(Flaw flaw) {
    if (!told) {
      flaws.add(flaw);
    }
  }

  private void read(StoredBlock block) {
    if (!told) {
      readBytes += block.bytes();
      progress.accept(readBytes);
    }
  }

  /** Visits every unfinished job's frames in order of position, each once. */
  void forEachLive(FrameVisitor visitor) throws IOException {
    Ordered ordered = new Ordered(visitor);
    for (List<StoredBlock> versions : extents.values()) {
      visit(versions, ordered);
    }
    ordered.looseBelow(Long.MAX_VALUE);
    told = true;
  }

  private void visit(List<StoredBlock> versions, FrameVisitor visitor) throws IOException {
    StoredBlock newest = versions.get(versions.size() - 1);
    byte @Nullable [] good = checked(newest);
    TreeMap<Long, byte[]> saved = new TreeMap<>();
    for (StoredBlock older : versions.subList(0, versions.size() - 1)) {
      byte @Nullable [] body = checked(older);
      if (good == null) {
        save(older, body, saved);
      }
    }
    if (good != null) {
      FrameBodies.forEachLive(good, finished, visitor);
      return;
    }
    save(newest, null, saved);
    PositionRanges gaps = gaps(newest);
    for (Map.Entry<Long, byte[]> entry : saved.entrySet()) {
      if (!finished.contains(entry.getKey()) && !gaps.contains(entry.getKey())) {
        visitor.frame(entry.getValue(), 0, entry.getKey());
      }
    }
  }

  /** Keeps what can be believed of a block; {@code body} is null if it is damaged. */
  private void save(StoredBlock block, byte @Nullable [] body, Map<Long, byte[]> saved)
      throws IOException {
    FrameVisitor keep = (bytes, offset, position) -> saved.put(position, frame(bytes, offset));
    if (body != null) {
      FrameBodies.forEachLive(body, finished, keep);
    } else {
      byte[] damaged = uncheckedBody(block);
      salvage.body(block.file(), block.bodyOffset(), damaged, block.first(), block.end(), keep);
    }
  }

  private static byte[] frame(byte[] bytes, int offset) {
    return Arrays.copyOfRange(bytes, offset, offset + Frame.aligned(Frame.length(bytes, offset)));
  }

  /** The body if all of it checks out, or null. */
  private byte @Nullable [] checked(StoredBlock block) {
    read(block);
    try {
      byte[] body = scan.body(block);
      frames.check(body, block.first(), block.end());
      int[] counts = new int[2];
      FrameBodies.forEachLive(
          body, new PositionRanges(), (b, o, p) -> counts[Frame.isAside(b, o) ? 1 : 0]++);
      // Recovery does not look at a block that has no asides.
      if (block.asides() == 0 && (counts[1] > 0 || counts[0] != block.ready())) {
        String expected = block.ready() + " ready jobs in block " + block.number();
        String found = counts[0] + " ready and " + counts[1] + " other ones";
        tell(new Flaw(block.file(), block.offset(), expected, found));
      }
      return body;
    } catch (CorruptionException | IOException e) {
      flaw(block, block.bodyOffset(), "a body that matches the checksum of block ", e);
      return null;
    }
  }

  private byte[] uncheckedBody(StoredBlock block) {
    try {
      return scan.uncheckedBody(block);
    } catch (IOException e) {
      // Told already: it could not be read when it was checked.
      return new byte[0];
    }
  }

  private PositionRanges gaps(StoredBlock block) throws IOException {
    PositionRanges ranges = new PositionRanges();
    if (!withoutGaps.contains(block)) {
      long[] gaps = scan.gaps(block);
      for (int i = 0; i < gaps.length; i += 2) {
        ranges.add(gaps[i], gaps[i + 1]);
      }
    }
    return ranges;
  }

  /** Visits the live frames of the blocks that cover one of {@code positions}. */
  void look(List<Long> positions, FrameVisitor visitor) throws IOException {
    Set<Long> firsts = new HashSet<>();
    for (long position : positions) {
      Map.Entry<Long, List<StoredBlock>> entry = extents.floorEntry(position);
      if (entry != null) {
        firsts.add(entry.getKey());
      }
      byte[] frame = loose.get(position);
      if (frame != null && !finished.contains(position)) {
        visitor.frame(frame, 0, position);
      }
    }
    for (long first : firsts) {
      visit(
          extents.getOrDefault(first, List.of()),
          (bytes, offset, position) -> {
            if (!loose.containsKey(position)) {
              visitor.frame(bytes, offset, position);
            }
          });
    }
  }

  /** Brings frames from holes to their place among the others. */
  private final class Ordered implements FrameVisitor {
    private final FrameVisitor visitor;
    private long next;

    Ordered(FrameVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void frame(byte[] bytes, int offset, long position) throws IOException {
      looseBelow(position);
      pass(bytes, offset, position);
    }

    void looseBelow(long position) throws IOException {
      if (position <= next) {
        return;
      }
      for (Map.Entry<Long, byte[]> entry : loose.subMap(next, position).entrySet()) {
        if (!finished.contains(entry.getKey())) {
          pass(entry.getValue(), 0, entry.getKey());
        }
      }
    }

    private void pass(byte[] bytes, int offset, long position) throws IOException {
      // Only made-up blocks overlap; a position must not come twice.
      if (position >= next) {
        visitor.frame(bytes, offset, position);
        next = position + Frame.aligned(Frame.length(bytes, offset));
      }
    }
  }

  @Override
  public void lost(String file, long offset, long bytes) {
    if (!told) {
      lost.add(new Lost(file, offset, bytes));
    }
  }

  /** What is damaged; complete after {@link #forEachLive}. */
  List<Flaw> flaws() {
    return flaws;
  }

  /** Where nothing could be saved; complete after {@link #forEachLive}. */
  List<Lost> lost() {
    return lost;
  }

  long lostAckBlocks() {
    return lostAckBlocks;
  }
}
