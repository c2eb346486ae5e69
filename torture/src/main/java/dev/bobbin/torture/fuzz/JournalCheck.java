package dev.bobbin.torture.fuzz;

import dev.bobbin.BobbinException;
import dev.bobbin.Priority;
import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.journal.JournalScan;
import dev.bobbin.internal.journal.StoredBlock;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.recovery.Recovery;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import dev.bobbin.torture.corrupt.Overlay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads a journal of one hostile segment by every way there is. */
final class JournalCheck {
  static final int SEGMENT_BYTES = 64 << 10;
  private static final int RING_BYTES = 8 << 10;
  private static final int LARGEST_FRAME = 8 << 10;
  private static final ByteBuffer BUFFER =
      ByteBuffer.allocateDirect(Journal.blockBytes(Journal.MAX_BODY_BYTES));

  private JournalCheck() {}

  /**
   * Only corruption may be thrown. What opens, opens again with the same jobs (invariant 10).
   *
   * @param ring what lies beside the journal
   */
  static void check(byte[] segment, RingFile.Parts ring) {
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put("00000000.segment", segment);
    Overlay storage = new Overlay(files);
    scan(storage);
    try {
      SortedSet<Long> jobs = open(storage, ring);
      SortedSet<Long> again = open(storage, ring);
      if (!jobs.equals(again)) {
        throw new IllegalStateException("opened again: " + again + " instead of " + jobs);
      }
    } catch (BobbinException | IOException e) {
      // Refused.
    }
  }

  static RingFile.Parts emptyRing() {
    return RingFile.Parts.inMemory(RING_BYTES);
  }

  private static void scan(Overlay storage) {
    try (JournalScan scan = JournalScan.of(storage, Seal.SEED, SEGMENT_BYTES)) {
      for (StoredBlock block : scan.blocks()) {
        read(scan, block);
      }
    } catch (IOException e) {
      // Cannot be read.
    }
  }

  private static void read(JournalScan scan, StoredBlock block) throws IOException {
    try {
      scan.gaps(block);
      byte[] body = scan.body(block);
      new FrameBodies(Seal.SEED).check(body, block.first(), block.end());
    } catch (BobbinException e) {
      scan.uncheckedBody(block);
    }
  }

  /** Recovers, and reads every unfinished job back; returns their ids. */
  private static SortedSet<Long> open(Overlay storage, RingFile.Parts ring) throws IOException {
    FrameBodies bodies = new FrameBodies(Seal.SEED);
    JournalReader reader =
        new JournalReader(storage, Seal.SEED, SEGMENT_BYTES, LARGEST_FRAME, bodies, n -> BUFFER);
    Journal journal = Recovery.run(reader, ring, Seal.SEED, true, 15, 1, new Deaf()).journal();
    SortedSet<Long> ids = new TreeSet<>();
    for (Extent extent : journal.extents().all()) {
      byte[] body = journal.readBody(extent);
      journal.check(extent, body);
      FrameBodies.forEachLive(
          body,
          journal.extents().finishedIn(extent),
          (bytes, offset, position) -> ids.add(Frame.id(bytes, offset)));
    }
    return ids;
  }

  private static final class Deaf implements Recovery.Sink {
    @Override
    public void delayed(Priority priority, long dueMillis, long position, int bytes) {}

    @Override
    public void dead(long position, long id, int bytes) {}

    @Override
    public void ready(long jobs, long bytes) {}

    @Override
    public void keyed(String key, long id, long submittedSeconds) {}
  }
}
