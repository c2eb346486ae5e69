package dev.bobbin.torture.corrupt;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.inspect.Inspection;
import dev.bobbin.internal.inspect.QueueFolder;
import dev.bobbin.internal.journal.JournalScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Flips each bit of a journal, one after the other: opens it in memory as recovery does, reads
 * every job back, and has verify look at the files, in which the bit is flipped too.
 */
final class EveryBit {
  private final Path scratch;
  private final SmallJournal small;
  private final Map<String, Long> counts = new TreeMap<>();
  private final byte[] one = new byte[1];

  private EveryBit(Path scratch, int bytes) throws IOException {
    this.scratch = scratch;
    this.small = SmallJournal.of(scratch, bytes);
  }

  public static void main(String[] args) throws IOException {
    int bytes = Integer.parseInt(args[1]);
    new EveryBit(Path.of(args[0]), bytes)
        .run(Long.parseLong(args[2]), Long.parseLong(args[3]), bytes * 8L);
  }

  private void run(long first, long step, long end) throws IOException {
    Path folder = scratch.resolve("small").resolve(Image.FOLDER);
    try (FileChannel progress =
        FileChannel.open(
            scratch.resolve(Worker.PROGRESS),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      for (long bit = first; bit < end; bit += step) {
        Worker.say(progress, "bit " + bit);
        long at = bit / 8;
        String file = small.segments().get((int) (at / small.segmentBytes()));
        int offset = (int) (at % small.segmentBytes());
        Path path = folder.resolve(file);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          byte[] bytes = Objects.requireNonNull(small.files().get(file));
          flip(channel, bytes, offset, 1 << bit % 8);
          trial("bit " + bit % 8 + " of " + file + " at " + offset);
          flip(channel, bytes, offset, 1 << bit % 8);
        }
      }
    }
    counts.forEach((what, count) -> System.out.println("count " + count + " " + what));
  }

  private void flip(FileChannel channel, byte[] bytes, int at, int mask) throws IOException {
    bytes[at] ^= (byte) mask;
    one[0] = bytes[at];
    channel.write(ByteBuffer.wrap(one), at);
  }

  private void trial(String what) throws IOException {
    counts.merge("bits flipped", 1L, Long::sum);
    Expectation expected = new Expectation(small.base(), small.now());
    boolean healthy = isHealthy();
    if (healthy && expected.mustBeSaid()) {
      fault(what, "verify does not see the damage");
    }
    if (!healthy && expected.isUntouched()) {
      fault(what, "verify finds damage where there is none");
    }
    Overlay overlay = new Overlay(small.files());
    Set<String> must = expected.mustBeSaid() ? expected.all() : expected.mustOpen();
    try {
      Set<String> jobs = small.read(overlay);
      counts.merge("bits opened", 1L, Long::sum);
      Set<String> missing = new TreeSet<>(must);
      missing.removeAll(jobs);
      if (!missing.isEmpty()) {
        fault(what, "opened and says nothing of " + missing);
      }
      jobs.retainAll(expected.mustNotOpen());
      if (!jobs.isEmpty()) {
        fault(what, "gives finished jobs again: " + jobs);
      }
    } catch (SmallJournal.LateException e) {
      counts.merge("bits found when read back", 1L, Long::sum);
      refused(what, expected, healthy, e.corrupt());
    } catch (CorruptionException e) {
      counts.merge("bits refused", 1L, Long::sum);
      refused(what, expected, healthy, e);
      if (overlay.isChanged()) {
        fault(what, "refused, but something was changed");
      }
    } catch (RuntimeException | Error e) {
      fault(what, e + Fault.where(e));
    }
  }

  private static void refused(
      String what, Expectation expected, boolean healthy, CorruptionException e) {
    String message = String.valueOf(e.getMessage());
    if (healthy || expected.isUntouched()) {
      fault(what, "refused, but nothing is damaged: " + message);
    }
    if (!message.contains(Image.SEGMENT + " at offset ") || !message.contains("bobbin verify")) {
      fault(what, "does not say where or what to do: " + message);
    }
  }

  private boolean isHealthy() throws IOException {
    QueueFolder folder = small.folder();
    try (JournalScan scan = Inspection.scan(folder)) {
      return Inspection.of(folder, scan, (queue, done, all) -> {}).result().isHealthy();
    }
  }

  private static void fault(String what, String fault) {
    System.out.println("fault " + what + ": " + fault.replace('\n', ' '));
  }
}
