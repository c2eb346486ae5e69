package dev.bobbin.torture.disk;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.Verdict;
import dev.bobbin.testkit.DiskOperation;
import dev.bobbin.testkit.TestBobbin;
import dev.bobbin.testkit.TestDisk;
import dev.bobbin.torture.Report;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A queue with a producer, with workers or without, whose disk does not answer for a while. With
 * workers, jobs go on; without, the producer is held up, and refused in time. Afterwards all is as
 * if nothing had been.
 */
final class Stall {
  private static final int RING = 256 << 10;
  private static final int PAYLOAD = 2_000;

  /** For what ends by an event, on however slow a machine. */
  private static final Duration LONG = Duration.ofSeconds(120);

  /** How long a slow machine may take for what should take no time. */
  private static final long SLACK_MILLIS = 30_000;

  /** The verdict comes when 3 s of a stall have been seen. */
  private static final long VERDICT_MILLIS = 6_000;

  private final String name;
  private final SplittableRandom random;
  private final long millis;
  private final Report report;
  private final TestDisk disk = new TestDisk();
  private final boolean works;
  private final DiskOperation operation;
  private final long timeoutMillis;
  private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();
  private final Set<Integer> handled = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();

  Stall(long seed, int number, Duration length, Report report) {
    this.random = new SplittableRandom(seed);
    this.millis = length.toMillis();
    this.report = report;
    this.timeoutMillis = 20 + random.nextInt(300);
    DiskOperation[] all = {DiskOperation.WRITE, DiskOperation.FORCE, DiskOperation.CREATE};
    this.operation = all[random.nextInt(all.length)];
    // A new segment is needed only when jobs stay.
    this.works = operation != DiskOperation.CREATE && random.nextBoolean();
    this.name =
        "stall %d, %s for %d ms, %s workers: "
            .formatted(number, operation, millis, works ? "with" : "no");
  }

  private void fault(String what) {
    report.fault(name + what);
  }

  private QueueOptions options() {
    return QueueOptions.defaults()
        .withRingBytes(RING)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(1 + random.nextInt(20)))
        .withSubmitTimeout(Duration.ofMillis(timeoutMillis));
  }

  void run() {
    try {
      go();
    } catch (InterruptedException | RuntimeException | Error e) {
      fault("what should not be thrown: " + Trouble.describe(e));
    }
  }

  private void go() throws InterruptedException {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), options());
      if (works) {
        queue.work(2, this::handle);
      }
      for (int i = random.nextInt(60); i > 0; i--) {
        submit(queue);
      }
      stall(queue);
      recover(bobbin, queue);
      closeWhileStalled(bobbin);
    }
    checkAfterDeath();
  }

  private void handle(byte[] payload) {
    if (!handled.add(Payload.number(payload))) {
      fault("job " + Payload.number(payload) + " was delivered twice");
    }
  }

  private void stall(JobQueue<byte[]> queue) throws InterruptedException {
    disk.hold(operation);
    awaitHeld(queue);
    long began = System.nanoTime();
    CompletableFuture<Void> sync = CompletableFuture.runAsync(queue::sync, r -> start(r, "sync"));
    if (works) {
      goesOn(queue, began);
    } else {
      pushesBack(queue);
    }
    await(began, millis);
    if (millis >= VERDICT_MILLIS) {
      awaitVerdict(queue);
    }
    if (sync.isDone() && !sync.isCompletedExceptionally()) {
      fault("sync returned while the disk did not answer");
    }
    disk.heal();
    report.count("stalls");
    report.count("ms stalled", (System.nanoTime() - began) / 1_000_000);
    sync.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static void start(Runnable task, String what) {
    Thread thread = new Thread(task, "torture-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void awaitHeld(JobQueue<byte[]> queue) throws InterruptedException {
    if (operation != DiskOperation.CREATE) {
      submit(queue);
      disk.awaitHeld(operation, LONG);
      return;
    }
    long began = System.nanoTime();
    long before = disk.count(DiskOperation.CREATE);
    while (disk.count(DiskOperation.CREATE) == before) {
      submit(queue);
      if (System.nanoTime() - began > LONG.toNanos()) {
        throw new AssertionError("no segment was created: " + queue.status());
      }
    }
  }

  private static void await(long began, long millis) {
    long deadline = began + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Submits one job; returns whether it was accepted, and checks how long that took. */
  private boolean submit(JobQueue<byte[]> queue) {
    int number = numbers.getAndIncrement();
    byte[] payload = Payload.of(number, PAYLOAD);
    accepted.add(number);
    long began = System.nanoTime();
    try {
      queue.submit(payload);
      return true;
    } catch (RefusedException e) {
      accepted.remove(number);
      refused(e.refusal(), e.detail());
      long took = (System.nanoTime() - began) / 1_000_000;
      report.max("longest wait beyond the time-out, ms", took - timeoutMillis);
      if (took < timeoutMillis) {
        fault("refused after " + took + " ms, before its time-out of " + timeoutMillis);
      } else if (took > timeoutMillis + SLACK_MILLIS) {
        fault("refused after " + took + " ms, its time-out is " + timeoutMillis);
      }
      return false;
    }
  }

  private void refused(Refusal refusal, String detail) {
    report.count("refused");
    if ((refusal != Refusal.BYTE_LIMIT && refusal != Refusal.DISK_SLOW) || detail.isBlank()) {
      fault("refused as " + refusal + " " + detail);
    }
  }

  /** With workers: what is in the ring is worked on, and the room comes back, lap after lap. */
  private void goesOn(JobQueue<byte[]> queue, long began) {
    int jobs = 0;
    while (jobs < 4 * RING / PAYLOAD && !(jobs > 0 && over(began))) {
      jobs += submit(queue) ? 1 : 0;
      if (System.nanoTime() - began > LONG.toNanos()) {
        fault("jobs do not go on: " + jobs + " were accepted; " + queue.status());
        return;
      }
    }
    report.count("jobs accepted while stalled", jobs);
    if (!queue.awaitIdle(LONG)) {
      fault("accepted jobs are not worked on: " + queue.status());
    }
    if (!handled.equals(accepted)) {
      fault("of " + accepted.size() + " accepted jobs " + handled.size() + " were delivered");
    }
  }

  private boolean over(long began) {
    return System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Without workers: no more is accepted than memory is set aside for. */
  private void pushesBack(JobQueue<byte[]> queue) {
    long bytes = 0;
    boolean full = false;
    while (!full && bytes <= 2 * RING) {
      int number = numbers.getAndIncrement();
      accepted.add(number);
      long began = System.nanoTime();
      SubmitResult result = queue.trySubmit(Payload.of(number, PAYLOAD));
      long took = (System.nanoTime() - began) / 1_000_000;
      report.max("longest trySubmit, ms", took);
      if (took > SLACK_MILLIS) {
        fault("trySubmit took " + took + " ms");
      }
      if (result instanceof SubmitResult.Refused refused) {
        accepted.remove(number);
        refused(refused.refusal(), refused.detail());
        full = true;
      } else {
        bytes += PAYLOAD;
      }
    }
    report.count("jobs accepted while stalled", bytes / PAYLOAD);
    if (!full) {
      fault("accepted " + bytes + " bytes, the ring has " + RING);
    }
    submit(queue);
  }

  private void awaitVerdict(JobQueue<byte[]> queue) {
    long began = System.nanoTime();
    Verdict verdict = queue.status().verdict();
    while (!namesDisk(verdict)) {
      if (System.nanoTime() - began > LONG.toNanos()) {
        fault("the verdict does not name the disk: " + verdict + ", also " + verdict.also());
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      verdict = queue.status().verdict();
    }
    report.count("verdicts that name the disk");
  }

  private static boolean namesDisk(Verdict verdict) {
    return verdict.kind() == Verdict.Kind.SLOW_DISK
        || verdict.also().stream().anyMatch(f -> f.kind() == Verdict.Kind.SLOW_DISK);
  }

  /** All that was accepted is delivered, and jobs are accepted again. */
  private void recover(TestBobbin bobbin, JobQueue<byte[]> queue) {
    if (!works) {
      queue.work(2, this::handle);
    }
    long began = System.nanoTime();
    while (!submit(queue)) {
      if (System.nanoTime() - began > LONG.toNanos()) {
        fault("jobs are refused though the disk works again: " + queue.status());
        return;
      }
    }
    bobbin.awaitIdle(LONG);
    if (!handled.equals(accepted)) {
      fault("of " + accepted.size() + " accepted jobs " + handled.size() + " were delivered");
    }
    queue.status().failure().ifPresent(e -> fault("the queue has failed: " + Trouble.describe(e)));
    report.count("jobs", accepted.size());
  }

  /** A close waits for the disk, and no longer. */
  private void closeWhileStalled(TestBobbin bobbin) throws InterruptedException {
    disk.hold(DiskOperation.FORCE);
    CompletableFuture<Void> close =
        CompletableFuture.runAsync(() -> bobbin.close(Duration.ZERO), r -> start(r, "close"));
    disk.awaitHeld(DiskOperation.FORCE, LONG);
    disk.heal();
    close.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Closed in order: nothing comes back, whatever dies. */
  private void checkAfterDeath() {
    disk.machineDeath((file, offset) -> false);
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      long left = bobbin.queue("q", Codec.bytes(), options()).recovery().unfinished();
      if (left != 0) {
        fault(left + " finished jobs are there again");
      }
    }
  }
}
