package dev.bobbin.torture.corrupt;

import dev.bobbin.CorruptionException;
import dev.bobbin.Priority;
import dev.bobbin.internal.inspect.QueueFolder;
import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.recovery.FrameAppender;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.recovery.Recovery;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A journal of four segments, far smaller than a queue may have: the blocks of a real one, written
 * again. It is read by the same code as any other.
 *
 * @param files the segments by name; one of them has a bit flipped at a time
 * @param now the same files as a directory
 */
record SmallJournal(
    Base base,
    Image now,
    SortedMap<String, byte[]> files,
    QueueFolder folder,
    RingFile.Parts ring) {
  private static final int SEGMENTS = 4;
  private static final int LARGEST_FRAME = 8 << 10;
  private static final ByteBuffer BUFFER =
      ByteBuffer.allocateDirect(Journal.blockBytes(Journal.MAX_BODY_BYTES));

  /** A damaged body that was found when its jobs were read back. */
  static final class LateException extends Exception {
    private static final long serialVersionUID = 1;
    private final CorruptionException corrupt;

    LateException(CorruptionException corrupt) {
      super(corrupt);
      this.corrupt = corrupt;
    }

    CorruptionException corrupt() {
      return corrupt;
    }
  }

  static SmallJournal of(Path scratch, int bytes) throws IOException {
    List<Base> bases = Builder.all(scratch.resolve("bases"));
    Base real = bases.get(0);
    Image.delete(scratch.resolve("bases"));
    long seed =
        ByteBuffer.wrap(real.image().get(Image.IDENTITY))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong(32);
    int segmentBytes = bytes / SEGMENTS;
    Overlay storage = new Overlay(new TreeMap<>());
    write(storage, seed, segmentBytes, real);
    Image image = new Image(new TreeMap<>(), Map.of());
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (String name : storage.list()) {
      byte[] content = storage.content(name);
      if (ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(24) > 0) {
        image = image.with(Image.FOLDER + name, content);
        files.put(name, content.clone());
      }
    }
    // A ring that has nothing to say.
    byte[] ring = new byte[(int) RingFile.bytes(Base.OPTIONS.ringBytes())];
    image = image.with(Image.RING, ring).with(Image.IDENTITY, real.image().get(Image.IDENTITY));
    Path directory = scratch.resolve("small");
    // Verify has no need of the ring.
    image.without(Image.RING).write(directory);
    Image now = image;
    for (String name : files.keySet()) {
      now = now.with(Image.FOLDER + name, files.get(name));
    }
    QueueFolder folder =
        new QueueFolder(
            "q",
            directory.resolve(Image.FOLDER),
            seed,
            Base.OPTIONS.ringBytes(),
            segmentBytes,
            LARGEST_FRAME);
    Base base = Base.of("small", image, statesIn(image), List.of(), -1);
    return new SmallJournal(
        base, now, files, folder, RingFile.Parts.inMemory(Base.OPTIONS.ringBytes()));
  }

  /** What each job is by the journal alone. */
  private static Map<String, Base.State> statesIn(Image image) {
    Map<String, Base.State> states = new TreeMap<>();
    Layout layout = new Layout(image);
    for (Placed.Block block : layout.blocks()) {
      for (Placed.Frame frame : block.frames()) {
        boolean finished =
            layout.blocks().stream()
                .flatMap(b -> b.finished().stream())
                .anyMatch(r -> r[0] <= frame.position() && frame.position() < r[1]);
        states.merge(
            frame.job(),
            finished ? Base.State.DONE : Base.State.DUE,
            (a, b) -> a == Base.State.DUE ? a : b);
      }
    }
    return states;
  }

  /** Appends blocks until the segments are used up. */
  private static void write(Overlay storage, long seed, int segmentBytes, Base real)
      throws IOException {
    JournalReader reader =
        new JournalReader(
            storage, seed, segmentBytes, LARGEST_FRAME, new FrameBodies(seed), n -> BUFFER);
    Journal journal = reader.open(0).journal();
    long end = 0;
    long left = (long) SEGMENTS * (segmentBytes - Layout.ALIGNMENT);
    int room = segmentBytes - Layout.ALIGNMENT;
    for (Placed.Block block : real.blocks()) {
      int bytes = (block.bytes() + Layout.ALIGNMENT - 1) & -Layout.ALIGNMENT;
      if (bytes > room) {
        left -= room;
        room = segmentBytes - Layout.ALIGNMENT;
      }
      if (left < bytes) {
        break;
      }
      room -= bytes;
      left -= bytes;
      if (block.finished().isEmpty()) {
        FrameAppender appender = new FrameAppender(journal, end);
        byte[] file = real.image().get(block.file());
        for (Placed.Frame frame : block.frames()) {
          int aligned = Frame.aligned(frame.bytes());
          appender.add(
              Arrays.copyOfRange(file, frame.offset(), frame.offset() + aligned), frame.position());
        }
        end = Math.max(end, block.journaledEnd());
        appender.finish(end);
      } else {
        PositionRanges ranges = new PositionRanges();
        block.finished().forEach(r -> ranges.add(r[0], r[1]));
        journal.appendFinished(ranges);
      }
      journal.force();
    }
    journal.close();
  }

  List<String> segments() {
    return List.copyOf(files.keySet());
  }

  int segmentBytes() {
    return folder.segmentBytes();
  }

  /** Recovers what is in {@code storage} and reads every unfinished job back. */
  Set<String> read(Overlay storage) throws IOException, LateException {
    ring.reset();
    long seed = folder.seed();
    FrameBodies bodies = new FrameBodies(seed);
    JournalReader reader =
        new JournalReader(storage, seed, segmentBytes(), LARGEST_FRAME, bodies, n -> BUFFER);
    Journal journal =
        Recovery.run(reader, ring, seed, true, 15, System.currentTimeMillis(), new Deaf())
            .journal();
    Set<String> jobs = new HashSet<>();
    for (Extent extent : journal.extents().all()) {
      try {
        byte[] body = journal.readBody(extent);
        journal.check(extent, body);
        FrameBodies.forEachLive(
            body, journal.extents().finishedIn(extent), (b, o, p) -> jobs.add(job(b, o)));
      } catch (CorruptionException e) {
        throw new LateException(e);
      }
    }
    return jobs;
  }

  private static String job(byte[] bytes, int frame) {
    int payload = Frame.payloadOffset(bytes, frame);
    String job =
        Payload.name(
            Arrays.copyOfRange(bytes, payload, payload + Frame.payloadLength(bytes, frame)));
    if (job == null) {
      throw new IllegalStateException("a job that was not submitted, at " + frame);
    }
    return job;
  }

  /** Jobs are read from the journal itself. */
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
