package dev.bobbin.internal.ring;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A ring with its window, its flush cycle's walk, two producers' writers and two workers. A test
 * borrows one for each try and gives it back at rest, so that rings lap by themselves: what a
 * producer meets is what earlier tries left.
 */
public final class Scene {
  /** What one zeroing covers: a smaller ring would be zeroed beyond its end. */
  public static final int CAPACITY = 16 << 10;

  /**
   * How long somebody waits who ought to be woken at once: longer than a machine pauses, and
   * shorter than jcstress waits for a test.
   */
  public static final long TOO_LONG_NANOS = 20_000_000_000L;

  /** In the sum of {@link #rest}: a job that was not as it was written. */
  public static final int TORN = 1_000_000;

  /** The log's size in entries, small so that it laps. */
  private static final int LOG_ENTRIES = 8;

  private static final int IN_HAND_BYTES = 4096;

  /** Makes scenes, and keeps those that are at rest. */
  public static final class Pool {
    private final ConcurrentLinkedQueue<Scene> rested = new ConcurrentLinkedQueue<>();
    private final boolean journaled;

    public Pool(boolean journaled) {
      this.journaled = journaled;
    }

    public Scene borrow() {
      Scene scene = rested.poll();
      return scene == null ? new Scene(this) : scene;
    }
  }

  private final Pool pool;

  /** What the I/O thread's part of a doorbell sets in {@code QueueCore}. */
  volatile boolean activated;

  public final Doorbell doorbell = new Doorbell(() -> activated = true);
  public final Ring ring;
  public final Window window;
  final Sweep sweep;
  public final FrameWriter writer = new FrameWriter();
  public final FrameWriter otherWriter = new FrameWriter();
  public final Reader reader;
  final Reader otherReader;
  public final Claim claim;
  final Claim otherClaim;

  private Scene(Pool pool) {
    this.pool = pool;
    RingFile.Parts parts =
        new RingFile.Parts(
            ByteBuffer.allocateDirect(SettledMark.BYTES),
            ByteBuffer.allocateDirect(IN_HAND_BYTES),
            ByteBuffer.allocateDirect(LOG_ENTRIES * FinishedLog.ENTRY_BYTES),
            ByteBuffer.allocateDirect(CAPACITY));
    ring = new Ring(parts.ring(), CAPACITY, pool.journaled, 0, doorbell);
    window = new Window(ring, parts, 0, pool.journaled);
    sweep = new Sweep(ring, window);
    reader = window.addReader();
    otherReader = window.addReader();
    claim = ring.newClaim(64);
    otherClaim = ring.newClaim(64);
  }

  /** Appends a ready job whose payload is {@code bytes} times {@code value}; -1 without room. */
  public long append(FrameWriter by, int value, int bytes) {
    by.ready(Payload.of(value, bytes), Payload.MILLIS + value);
    long position = ring.append(by);
    if (position == Ring.NO_ROOM && window.makeRoom(by.alignedLength(), false)) {
      position = ring.append(by);
    }
    return position;
  }

  /** Appends jobs of this kind until no further one has room. */
  public void fill(int value, int bytes) {
    while (append(writer, value, bytes) != Ring.NO_ROOM) {
      // Another one.
    }
  }

  /** Takes at most {@code jobs} with the first worker's hands; the sum of what they are. */
  int take(int jobs) {
    return take(reader, claim, jobs);
  }

  /** As {@link #take}, with the second worker's. */
  int takeToo(int jobs) {
    return take(otherReader, otherClaim, jobs);
  }

  private int take(Reader by, Claim into, int jobs) {
    into.limit(jobs);
    int sum = 0;
    if (ring.claim(by, into, CAPACITY)) {
      for (int i = 0; i < into.size(); i++) {
        sum += Payload.digit(Payload.read(into, i));
      }
      by.release();
    }
    return sum;
  }

  /** Reports what {@link #take} took. */
  void finish() {
    claim.forEachRange(window::finish);
  }

  void finishToo() {
    otherClaim.forEachRange(window::finish);
  }

  /** One whole flush cycle, into nowhere. */
  void cycle() {
    sweep.drain();
    sweep.takeEnd();
    sweep.advance((memory, offset, length, position, kind) -> true);
    sweep.written();
  }

  /**
   * Takes and finishes whatever is there, and gives the scene back. Returns the sum of what the
   * jobs are: a one for each job of value 1, a ten for each of value 2, and so on.
   */
  public int rest() {
    int sum = 0;
    while (ring.hasUnread()) {
      sum += take(64);
      finish();
    }
    cycle();
    pool.rested.add(this);
    return sum;
  }
}
