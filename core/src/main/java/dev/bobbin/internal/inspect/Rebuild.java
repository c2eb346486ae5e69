package dev.bobbin.internal.inspect;

import dev.bobbin.BobbinException;
import dev.bobbin.MaintenanceListener;
import dev.bobbin.internal.journal.FileGuard;
import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalScan;
import dev.bobbin.internal.journal.Span;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.recovery.FrameAppender;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.ring.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts what is left of a damaged journal into a new one, and the new one in the place of the old.
 *
 * <p>The new journal is written to a folder in the queue's folder, of which opening takes no
 * notice. Its segments and blocks have higher numbers than the old ones, and its blocks say that
 * only its own segments are needed. They are moved newest first: until the oldest is there too,
 * opening refuses the queue because that one is missing; from then on, the old ones count as freed.
 * So at no moment is a part taken for the whole, and a repair that was killed is either begun anew
 * (no segment was moved) or goes on (the oldest needed one lies in the folder).
 *
 * <p>The ring is left as it is: the new journal ends where the old one did, so opening takes from
 * the ring what it would have taken.
 */
public final class Rebuild {
  private static final String WORK = "repairing";

  private final QueueFolder folder;
  private final Path work;
  private final Steps steps;

  /** The steps by which the new journal takes the old one's place; a test lets them fail. */
  interface Steps {
    void move(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;
  }

  private static final class RealSteps implements Steps {
    @Override
    public void move(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }
  }

  /** For the queue in {@code folder}. */
  public Rebuild(QueueFolder folder) {
    this(folder, new RealSteps());
  }

  Rebuild(QueueFolder folder, Steps steps) {
    this.folder = folder;
    this.work = folder.path().resolve(WORK);
    this.steps = steps;
  }

  private QueueFolder workFolder() {
    return new QueueFolder(
        folder.name(),
        work,
        folder.seed(),
        folder.ringBytes(),
        folder.segmentBytes(),
        folder.largestFrame());
  }

  /** Behind a link, clearing would delete the files of somebody else. */
  private boolean isThere() throws IOException {
    FileGuard.checkFolder(work, true);
    return Files.isDirectory(work);
  }

  /** Whether an earlier repair was killed while it put the new journal in place. */
  public boolean isHalfDone() throws IOException {
    if (!isThere()) {
      return false;
    }
    try (JournalScan now = Inspection.scan(folder);
        JournalScan rest = Inspection.scan(workFolder())) {
      return now.goesOnFrom(rest);
    }
  }

  /** Goes on where an earlier repair was killed. Its copies of the old files are complete. */
  public void goOn() throws IOException {
    List<String> outdated;
    List<String> rest;
    try (JournalScan now = Inspection.scan(folder);
        JournalScan moving = Inspection.scan(workFolder())) {
      outdated = now.outdated();
      rest = moving.segments();
    }
    replace(outdated, rest);
  }

  /** Copies the old journal's files to {@code copies} and replaces them by a new journal. */
  public void run(Inspection inspection, JournalScan scan, Path copies) throws IOException {
    try {
      clearWork();
      copy(scan.allFiles(), copies);
      FileStorage.createFolder(work);
      write(inspection, scan);
    } catch (NoSpaceException e) {
      clearWork();
      throw new BobbinException(
          "no room to repair "
              + folder.path()
              + ": its jobs are copied twice; nothing was changed. Free some space ("
              + e.getMessage()
              + ")",
          e);
    }
    replace(scan.allFiles(), check(inspection));
  }

  private void copy(List<String> names, Path copies) throws IOException {
    FileStorage.createFolder(copies);
    for (String name : names) {
      FileStorage.copy(folder.path().resolve(name), copies.resolve(name));
    }
    FileStorage.forceFolder(copies);
  }

  private void write(Inspection inspection, JournalScan scan) throws IOException {
    FrameBodies bodies = new FrameBodies(folder.seed());
    FileStorage storage = new FileStorage(work);
    try (Journal journal = scan.successor(storage, bodies, folder.largestFrame())) {
      Writer writer = new Writer(journal);
      inspection.forEachLive(writer::add);
      long end = Math.max(inspection.end(), writer.next);
      writer.finish(end);
      // One block more, which says of the others that they were forced.
      if (inspection.closed()) {
        journal.appendClosed();
      } else {
        journal.body();
        journal.appendJobs(new Span(end, end, new PositionRanges(), 0, 0));
      }
      journal.force();
    }
  }

  /** Appends the frames to the new journal. */
  private static final class Writer {
    private static final long FORCED_BYTES = 64 << 20;

    private final Journal journal;
    private FrameAppender appender;
    private long next;
    private long unforced;

    Writer(Journal journal) {
      this.journal = journal;
      this.appender = new FrameAppender(journal, 0);
    }

    void add(byte[] bytes, int offset, long position) throws IOException {
      int end = offset + Frame.aligned(Frame.length(bytes, offset));
      appender.add(Arrays.copyOfRange(bytes, offset, end), position);
      next = position + (end - offset);
      unforced += end - offset;
      if (unforced >= FORCED_BYTES) {
        finish(next);
        appender = new FrameAppender(journal, next);
        unforced = 0;
      }
    }

    void finish(long end) throws IOException {
      appender.finish(end);
      journal.force();
    }
  }

  /** Reads the new journal back; returns its segments, oldest first. */
  private List<String> check(Inspection inspection) throws IOException {
    MaintenanceListener nobody = (queue, done, all) -> {};
    try (JournalScan scan = Inspection.scan(workFolder())) {
      Inspection copy = Inspection.of(workFolder(), scan, nobody);
      if (!copy.result().isHealthy() || copy.frames() != inspection.frames()) {
        throw new BobbinException(
            "the new journal in "
                + work
                + " does not read back as it was written (expected "
                + inspection.frames()
                + " jobs, found "
                + copy.frames()
                + " and "
                + copy.result().damages()
                + "); nothing was changed. Check the disk");
      }
      return scan.segments();
    }
  }

  private void replace(List<String> outdated, List<String> segments) throws IOException {
    for (int i = segments.size() - 1; i >= 0; i--) {
      String name = segments.get(i);
      steps.move(work.resolve(name), folder.path().resolve(name));
      FileStorage.forceFolder(folder.path());
    }
    for (String name : outdated) {
      steps.delete(folder.path().resolve(name));
    }
    clearWork();
    FileStorage.forceFolder(folder.path());
  }

  /** Deletes what an earlier repair left behind that was killed. */
  public void clearWork() throws IOException {
    if (!isThere()) {
      return;
    }
    try (Stream<Path> files = Files.list(work)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(work);
  }
}
