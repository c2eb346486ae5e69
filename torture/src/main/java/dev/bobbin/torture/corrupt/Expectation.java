package dev.bobbin.torture.corrupt;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be found in a damaged directory, worked out from which bytes are still what they were.
 *
 * <p>A block that is not as it was may be taken for a torn tail if no whole block behind it says
 * that it had been forced; otherwise the damage has to be said. What comes before it is to be
 * delivered in any case.
 */
final class Expectation {
  private final Base base;
  private final Image now;

  /** Blocks from the beginning of the journal that are what they were. */
  private final int good;

  private final boolean[] intact;

  /** Every block below this number is called forced by a whole one. */
  private final long durable;

  private final boolean ringWhole;

  /** Where a segment lies that lies whole under another name alone: so is the journal whole. */
  private final Map<String, String> renamed = new HashMap<>();

  Expectation(Base base, Image now) {
    this.base = base;
    this.now = now;
    List<Placed.Block> blocks = base.blocks();
    for (String file : base.layout().inUse()) {
      if (!same(file, 0, Layout.SEGMENT_HEADER_BYTES)) {
        now.segments().stream()
            .filter(other -> isWholeCopy(file, other))
            .findFirst()
            .ifPresent(other -> renamed.put(file, other));
      }
    }
    this.intact = new boolean[blocks.size()];
    int first = blocks.size();
    long forced = 0;
    for (int i = blocks.size() - 1; i >= 0; i--) {
      Placed.Block block = blocks.get(i);
      intact[i] = same(block.file(), block.offset(), block.bytes());
      if (intact[i]) {
        forced = Math.max(forced, block.durable());
      }
      if (!intact[i] || !same(block.file(), 0, Layout.SEGMENT_HEADER_BYTES)) {
        first = i;
      }
    }
    this.good = first;
    this.ringWhole =
        Arrays.equals(base.image().get(Image.RING), now.file(Image.RING)) && isUsual(Image.RING);
    // The ring says how far the journal must reach at least.
    boolean mark =
        ringWhole && first < blocks.size() && blocks.get(first).number() <= base.opened();
    this.durable = mark ? Math.max(forced, base.opened() + 1) : forced;
  }

  private boolean isWholeCopy(String file, String other) {
    byte[] there = now.get(other);
    byte[] was = base.image().get(file);
    return there.length == was.length
        && Arrays.equals(there, 0, Layout.SEGMENT_HEADER_BYTES, was, 0, Layout.SEGMENT_HEADER_BYTES)
        && base.blocks().stream()
            .filter(block -> block.file().equals(file))
            .allMatch(
                block -> {
                  int from = block.offset();
                  int to = from + block.bytes();
                  return Arrays.equals(there, from, to, was, from, to);
                });
  }

  private boolean same(String file, int from, int bytes) {
    byte @Nullable [] there = now.file(renamed.getOrDefault(file, file));
    return there != null
        && there.length >= from + bytes
        && Arrays.equals(there, from, from + bytes, base.image().get(file), from, from + bytes);
  }

  private boolean isUsual(String file) {
    return !now.longer().containsKey(file);
  }

  /** Whether the file that says what the queue is can be believed. */
  boolean hasIdentity() {
    return same(Image.IDENTITY, 0, 40);
  }

  /** The file that says what the queue is, but another one's. */
  boolean hasOtherIdentity(Base other) {
    byte[] there = now.file(Image.IDENTITY);
    byte[] theirs = other.image().get(Image.IDENTITY);
    return there != null && there.length >= 40 && Arrays.equals(there, 0, 40, theirs, 0, 40);
  }

  /** Whether a segment that is needed is there with its header. */
  boolean hasSegment() {
    return base.layout().inUse().stream().anyMatch(s -> same(s, 0, Layout.SEGMENT_HEADER_BYTES));
  }

  boolean hasMarker() {
    byte[] there = now.file(Image.MARKER);
    return there != null
        && (there.length == 0 || Arrays.equals(there, base.image().get(Image.MARKER)))
        && isUsual(Image.MARKER);
  }

  /** Whether the damage has to be noticed: a whole block calls a damaged one forced. */
  boolean mustBeSaid() {
    return good < intact.length && base.blocks().get(good).number() < durable;
  }

  /** Whether no file that is needed was touched, and none was added to the journal or cut. */
  boolean isUntouched() {
    boolean files =
        now.segments().equals(base.image().segments())
            && now.segments().stream()
                .allMatch(s -> now.get(s).length >= base.image().get(s).length);
    return good == intact.length && files && !hasOthersSegment();
  }

  /** Whether a spare is now a segment with a number. */
  private boolean hasOthersSegment() {
    return now.segments().stream()
        .filter(s -> !base.layout().inUse().contains(s))
        .anyMatch(s -> !Arrays.equals(now.get(s), base.image().file(s)));
  }

  boolean isRingWhole() {
    return ringWhole;
  }

  /** Jobs that must be there when the queue opens. */
  Set<String> mustOpen() {
    Set<String> jobs = new HashSet<>();
    for (Placed.Block block : base.blocks().subList(0, good)) {
      block.frames().forEach(f -> jobs.add(f.job()));
    }
    addRing(jobs);
    jobs.removeIf(job -> !base.isUnfinished(job));
    return jobs;
  }

  /**
   * Every unfinished job: what a directory gives as if no journal were damaged. What lay in the
   * ring alone, and was damaged there, nobody can know of.
   */
  Set<String> all() {
    Set<String> jobs = new HashSet<>(base.journaled());
    addRing(jobs);
    jobs.removeIf(job -> !base.isUnfinished(job));
    return jobs;
  }

  /** Jobs that must be there after a repair: all that have a whole frame, up to a torn tail. */
  Set<String> mustRepair() {
    Set<String> jobs = new HashSet<>();
    boolean torn = false;
    for (int i = 0; i < intact.length; i++) {
      Placed.Block block = base.blocks().get(i);
      torn |= !intact[i] && block.number() >= durable;
      if (!torn && !isUnderAnother(block)) {
        for (Placed.Frame frame : block.frames()) {
          boolean live = !base.isFinished(frame.position(), intact.length) && isKnown(frame.file());
          if (live && same(frame.file(), frame.offset(), frame.bytes())) {
            jobs.add(frame.job());
          }
        }
      }
    }
    addRing(jobs);
    jobs.removeIf(job -> !base.isUnfinished(job));
    return jobs;
  }

  /**
   * Whether jobs that were copied forward lie in place, but behind the whole header of another
   * block: what they were copied from looks the same, and may be finished.
   */
  private boolean isUnderAnother(Placed.Block block) {
    byte[] there = now.file(renamed.getOrDefault(block.file(), block.file()));
    return block.moved()
        && there != null
        && !same(block.file(), block.offset(), Layout.BLOCK_HEADER_BYTES)
        && base.layout().isHeader(there, block.offset());
  }

  /**
   * Whether a header is left that says which segment the file is. An older generation of it may
   * have frames in common with it, and nothing says that these are still needed.
   */
  private boolean isKnown(String file) {
    return same(file, 0, Layout.SEGMENT_HEADER_BYTES)
        || base.blocks().stream()
            .anyMatch(
                b -> b.file().equals(file) && same(file, b.offset(), Layout.BLOCK_HEADER_BYTES));
  }

  /** A ring of another size is created anew, as is stated. */
  private void addRing(Set<String> jobs) {
    byte[] ring = now.file(Image.RING);
    if (ring == null
        || ring.length != base.image().get(Image.RING).length
        || !isUsual(Image.RING)) {
      return;
    }
    Set<String> journaled = base.journaled();
    for (Placed.Frame frame : base.ring()) {
      if (!journaled.contains(frame.job()) && same(Image.RING, frame.offset(), frame.bytes())) {
        jobs.add(frame.job());
      }
    }
  }

  /** Jobs that must not come back: nothing is lost that says that they are finished. */
  Set<String> mustNotOpen() {
    Set<String> jobs = new HashSet<>();
    Set<String> elsewhere = new HashSet<>();
    boolean whole = ringWhole && good == intact.length;
    Map<String, List<Long>> positions = new HashMap<>(base.positions(good));
    for (Placed.Block block : base.blocks().subList(good, intact.length)) {
      block.frames().forEach(f -> elsewhere.add(f.job()));
    }
    base.ring().forEach(f -> elsewhere.add(f.job()));
    base.states()
        .forEach(
            (job, state) -> {
              boolean settled =
                  positions.containsKey(job)
                      && !elsewhere.contains(job)
                      && positions.get(job).stream().allMatch(p -> base.isFinished(p, good));
              if (state == Base.State.DONE && (whole || settled)) {
                jobs.add(job);
              }
            });
    return jobs;
  }
}
