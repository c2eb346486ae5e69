package dev.bobbin.testkit;

import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.local.Home;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails, fills up, stalls and dies on command. It keeps what was written
 * apart from what was forced, so a test can see what the death of the machine costs.
 *
 * <pre>{@code
 * TestDisk disk = new TestDisk();
 * try (TestBobbin bobbin = TestBobbin.on(disk)) {
 *   JobQueue<String> queue = bobbin.queue("mails", Codec.text());
 *   queue.submit("Ada");
 *   queue.sync();
 *   disk.machineDeath(42);
 * }
 * try (TestBobbin bobbin = TestBobbin.on(disk)) {
 *   // "Ada" is there
 * }
 * }</pre>
 *
 * <p>Thread-safe. Queues on it need memory for all that they write and for their rings: give them
 * small ones ({@link dev.bobbin.QueueOptions#withRingBytes}).
 */
public final class TestDisk {
  private final Map<String, DiskFolder> folders = new TreeMap<>();
  final ManualTime time;
  private final Faults faults = new Faults();
  private long roomForFiles = Long.MAX_VALUE;
  private @Nullable DiskMount mount;
  private @Nullable DiskWatcher watcher;

  /** An empty disk that works. */
  public TestDisk() {
    this(new ManualTime());
  }

  private TestDisk(ManualTime time) {
    this.time = time;
  }

  // What goes wrong.

  /** The next such operation fails with an I/O error, those after it do not. */
  public void failNext(DiskOperation operation) {
    failNth(operation, 1);
  }

  /**
   * The {@code nth} such operation from now on fails with an I/O error, those after it do not. What
   * a failed force should have written never reaches the disk unless it is written again, even if a
   * later force succeeds: so do real systems. See {@link #forget}.
   *
   * @param nth 1 for the next one
   */
  public synchronized void failNth(DiskOperation operation, long nth) {
    faults.fail(operation, nth, 0);
  }

  /**
   * The {@code nth} such operation from now on fails with an I/O error, and so do all after it.
   *
   * @param nth 1 for the next one
   */
  public synchronized void failFrom(DiskOperation operation, long nth) {
    faults.fail(operation, nth, Long.MAX_VALUE / 2);
  }

  /**
   * The {@code nth} operation of any kind from now on fails, those after it do not.
   *
   * @param nth 1 for the next one
   */
  public synchronized void failNth(long nth) {
    faults.failAny(nth, 0);
  }

  /**
   * The {@code nth} operation of any kind from now on fails, and so do all after it.
   *
   * @param nth 1 for the next one
   */
  public synchronized void failFrom(long nth) {
    faults.failAny(nth, Long.MAX_VALUE / 2);
  }

  /** What failing operations fail with, until {@link #heal}; {@link DiskError#IO} before. */
  public synchronized void failWith(DiskError error) {
    faults.error = error;
  }

  /** From now on each such operation takes {@code time} longer. */
  public synchronized void stall(DiskOperation operation, Duration time) {
    faults.stall(operation, time);
  }

  /** From now on each such operation waits for {@link #heal} before it does anything. */
  public synchronized void hold(DiskOperation operation) {
    faults.hold(operation);
  }

  /**
   * Returns when an operation waits because of {@link #hold}.
   *
   * @throws AssertionError if none does within {@code realTimeLimit}
   */
  public synchronized void awaitHeld(DiskOperation operation, Duration realTimeLimit)
      throws InterruptedException {
    if (!await(() -> faults.hasWaiting(operation), realTimeLimit.toNanos())) {
      throw new AssertionError("no " + operation + " within " + realTimeLimit);
    }
  }

  /** No operation fails, stalls or waits any more. A full disk stays full: see {@link #free}. */
  public synchronized void heal() {
    faults.heal();
    notifyAll();
  }

  /** The disk has no room for another file; those that are there can be written. */
  public void fill() {
    fillAfter(0);
  }

  /** The disk has room for so many files more. */
  public synchronized void fillAfter(long files) {
    roomForFiles = files;
  }

  /** The disk has room again. */
  public synchronized void free() {
    roomForFiles = Long.MAX_VALUE;
  }

  /**
   * What failed forces gave up can be read no more: the system has used its memory for something
   * else. Until then it is shown as if it had been written, as real systems do.
   */
  public synchronized void forget() {
    folders.values().forEach(DiskFolder::forget);
  }

  /** How many such operations have begun, failed ones included. */
  public synchronized long count(DiskOperation operation) {
    return faults.done(operation);
  }

  /** How many operations of any kind have begun, failed ones included. */
  public synchronized long count() {
    return faults.done();
  }

  /** Shows each operation to {@code watcher} before it does anything. */
  public synchronized void watch(DiskWatcher watcher) {
    this.watcher = watcher;
  }

  // What dies.

  /**
   * A second disk that is as this one would be if the process that has it died now; this one goes
   * on. What was not forced is not forced on the copy either, so many deaths of the machine at one
   * moment can be looked at: copy the copy, and let each of them die. The copy works, whatever was
   * to fail here.
   *
   * @throws IllegalStateException if jobs move so fast that no moment can be caught
   */
  public synchronized TestDisk copy() {
    TestDisk copy = new TestDisk(time.copy());
    folders.forEach((name, folder) -> copy.folders.put(name, folder.copy()));
    copy.roomForFiles = roomForFiles;
    return copy;
  }

  /**
   * The process that has the disk dies, as by {@code kill -9}: all that it wrote is there. See
   * {@link #machineDeath(long)} for what becomes of the {@link TestBobbin}.
   *
   * @throws IllegalStateException if jobs move so fast that no moment can be caught
   */
  public synchronized void processDeath() {
    folders.values().forEach(DiskFolder::unmap);
    unplug();
  }

  /**
   * The machine dies: what was forced is there; of what was only written, pieces of 512 bytes that
   * the seed decides, each as one of the writes since the last force had left it. The same seed
   * after the same operations leaves the same.
   *
   * <p>A {@link TestBobbin} on this disk sees I/O errors from now on. Close it, which reports
   * nothing of that, and open another one to see what is left. Its handlers go on until then, but
   * nothing that they do reaches the disk.
   *
   * @throws IllegalStateException if jobs move so fast that no moment can be caught
   */
  public void machineDeath(long seed) {
    machineDeath(new SeededLuck(new Random(seed)));
  }

  /** As {@link #machineDeath(long)}; {@code luck} decides, and must not use this disk. */
  public synchronized void machineDeath(DiskLuck luck) {
    folders.values().forEach(DiskFolder::unmap);
    folders.values().forEach(folder -> folder.die(luck));
    unplug();
  }

  /** Nobody needs the disk any more: as {@link #processDeath}, and what is left on it is void. */
  public synchronized void discard() {
    folders.clear();
    unplug();
  }

  private void unplug() {
    DiskMount dead = mount;
    if (dead != null) {
      dead.die();
      mount = null;
    }
    notifyAll();
  }

  // What the queues see.

  /** Invariant 12: one owner at a time. */
  synchronized Home mount() {
    if (mount != null) {
      throw new IllegalStateException("the disk is in use: close the TestBobbin that is on it");
    }
    mount = new DiskMount(this, folders);
    return mount;
  }

  synchronized void unmount(DiskMount closed) {
    if (mount == closed) {
      mount = null;
    }
  }

  /** Whether what was mounted as {@code home} has died. */
  static boolean isDead(@Nullable Home home) {
    return home instanceof DiskMount mount && mount.isDead();
  }

  /**
   * Begins an operation for {@code by}; the caller holds the monitor and keeps it until the
   * operation is done, while this method lets go of it to wait. Returns whether it is to fail.
   */
  boolean begin(DiskMount by, DiskOperation operation, String where) throws IOException {
    DiskWatcher watching = watcher;
    if (watching != null && !by.isDead()) {
      watching.before(operation, where);
    }
    boolean fails = faults.next(operation);
    faults.waits(operation, 1);
    notifyAll();
    try {
      await(() -> by.isDead() || !faults.isHeld(operation), Long.MAX_VALUE);
      await(by::isDead, faults.stallNanos(operation));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + operation + " of " + where, e);
    } finally {
      faults.waits(operation, -1);
    }
    if (by.isDead()) {
      throw new IOException("the disk is gone (TestDisk), at " + operation + " of " + where);
    }
    return fails;
  }

  /** As {@link #begin}; throws if the operation is to fail. */
  void perform(DiskMount by, DiskOperation operation, String where) throws IOException {
    if (begin(by, operation, where)) {
      throw error(operation, where);
    }
  }

  /** What failing operations fail with. The caller holds the monitor. */
  IOException error(DiskOperation operation, String where) {
    return faults.error.at(operation, where);
  }

  /** Takes room for one file. The caller holds the monitor. */
  void takeRoom(String where) throws NoSpaceException {
    if (roomForFiles == 0) {
      throw new NoSpaceException(
          "no room for " + where, new IOException("No space left on device (TestDisk)"));
    }
    if (roomForFiles != Long.MAX_VALUE) {
      roomForFiles--;
    }
  }

  private boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long left = nanos - (System.nanoTime() - began);
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return true;
  }
}
