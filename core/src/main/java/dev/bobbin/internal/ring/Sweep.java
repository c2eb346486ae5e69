package dev.bobbin.internal.ring;

import dev.bobbin.internal.position.PositionRanges;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The flush cycle's walk over the jobs that it has to write: those claimed before the cycle began
 * and not finished by then.
 *
 * <p>Invariant 3 and 13 rest on the order of {@link #drain} and {@link #takeEnd}: finished ranges
 * are drained first, the end is taken second. A job that finishes after the end was taken is
 * written all the same, because what its finishing depends on (its retry, or what its handler
 * submitted) may lie beyond the end. Its space is held until then ({@link Window} asks {@link
 * #hold}).
 *
 * <p>Owned by the I/O thread but for {@link #read}; what it reads of the window, it reads with the
 * window's lock held.
 */
public final class Sweep {
  private final Ring ring;
  private final Window window;
  private final PositionRanges elided = new PositionRanges();
  private long position;
  private long end;
  private long asides;

  public Sweep(Ring ring, Window window) {
    this.ring = ring;
    this.window = window;
    this.position = ring.tail();
    this.end = position;
    window.settlement().holdFor(this);
  }

  /** Takes a frame to be written, or returns false to have it offered again later. */
  public interface Target {
    boolean offer(ByteBuffer memory, int offset, int alignedLength, long position, byte kind);
  }

  /**
   * First half of the cycle's start: what is finished by now need not be written. Returns acks of
   * written jobs.
   */
  public PositionRanges drain() {
    Acks acks =
        window.locked(
            () -> {
              Settlement settlement = window.settlement();
              position = settlement.written();
              // Until the end is known, everything that is not elided is held.
              end = Long.MAX_VALUE;
              elided.clear();
              settlement.copyFinished(elided);
              return settlement.takeAcks();
            });
    return acks.merge();
  }

  /**
   * Second half: everything claimed by now is part of this cycle. After the drains of all queues.
   */
  public void takeEnd() {
    window.locked(
        () -> {
          // Those that have their place by now, and the count first: a frame that is counted but
          // lies behind the end must not be taken for one that this cycle has passed.
          asides = ring.asidesPlaced.getVolatile();
          end = ring.tail();
          return end;
        });
  }

  /** Where this cycle ends. */
  public long end() {
    return end;
  }

  /** Up to where frames were offered and taken. */
  public long position() {
    return position;
  }

  public boolean isDone() {
    return position >= end;
  }

  /**
   * Offers frames until the target is full or the end is reached. Returns false if it met a frame
   * that its producer is still writing; the caller lets other threads run and calls again.
   */
  public boolean advance(Target target) {
    return window.locked(() -> walk(target));
  }

  private boolean walk(Target target) {
    ByteBuffer memory = ring.memory();
    // In memory, what is written moves by itself, and its space is used again; see Window.
    position = Math.max(position, window.settlement().written());
    while (position < end) {
      long unfinished = elided.firstUncovered(position);
      if (unfinished != position) {
        position = Math.min(unfinished, end);
        continue;
      }
      int offset = (int) position & ring.mask();
      int length = (int) Frame.word(memory, offset);
      if (length == 0) {
        return false;
      }
      if (length < 0) {
        position -= length;
        continue;
      }
      int aligned = Frame.aligned(length);
      if (!target.offer(memory, offset, aligned, position, memory.get(offset + Frame.KIND))) {
        return true;
      }
      position += aligned;
    }
    return true;
  }

  /** Goes back to {@code earlier}: what was taken since could not be written. */
  public void rewind(long earlier) {
    position = earlier;
  }

  /**
   * Copies the frames at the first {@code count} of {@code positions}; null for each that is
   * written by now or finished. Any thread may ask.
   */
  public byte[][] read(long[] positions, int count) {
    byte[][] frames = new byte[count][];
    window.locked(
        () -> {
          for (int i = 0; i < count; i++) {
            frames[i] = copy(positions[i]);
          }
          return frames;
        });
    return frames;
  }

  private byte @Nullable [] copy(long framePosition) {
    Settlement settlement = window.settlement();
    if (framePosition < settlement.written()
        || settlement.firstUnfinished(framePosition) != framePosition) {
      return null;
    }
    int offset = (int) framePosition & ring.mask();
    int length = (int) Frame.word(ring.memory(), offset);
    if (length <= 0) {
      return null;
    }
    byte[] frame = new byte[Frame.aligned(length)];
    ring.memory().get(offset, frame);
    return frame;
  }

  /** Tells the window that everything taken so far is written. */
  public void written() {
    // The count of aside frames is valid once the walk has passed all that were counted.
    window.written(position, isDone() ? asides : -1);
  }

  /** Takes what is written and was not taken by a worker out of the ring; null if there is none. */
  public Ring.@Nullable Passed pass() {
    return window.pass(position);
  }

  /**
   * The first position at or after {@code written} that this cycle has yet to write, or the cycle's
   * end.
   */
  long hold(long written) {
    return written >= end ? written : Math.min(end, elided.firstUncovered(written));
  }

  long cycleEnd() {
    return end;
  }
}
