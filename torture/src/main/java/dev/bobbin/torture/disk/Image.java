package dev.bobbin.torture.disk;

import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.testkit.TestBobbin;
import dev.bobbin.testkit.TestDisk;
import dev.bobbin.torture.Report;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Opens the queues of a disk and finds all that is in them. The disk is of no use afterwards. */
final class Image {
  private static final Duration LATER = Duration.ofDays(100);
  private static final Duration A_MOMENT = Duration.ofMillis(10);
  private static final long PATIENCE_NANOS = 120_000_000_000L;
  private static final int MOST = 4_096;

  private final TestDisk disk;
  private final Shape shape;
  private final Report report;
  private final Consumer<String> faults;
  private final TreeMap<Integer, Found> found = new TreeMap<>();
  private long nowMillis;

  private Image(TestDisk disk, Shape shape, Report report, Consumer<String> faults) {
    this.report = report;
    this.disk = disk;
    this.shape = shape;
    this.faults = faults;
  }

  /**
   * What is there, by the jobs' numbers.
   *
   * @param opened run when the queues are open and before any job is touched
   */
  static TreeMap<Integer, Found> find(
      TestDisk disk, Shape shape, Runnable opened, Report report, Consumer<String> faults) {
    Image image = new Image(disk, shape, report, faults);
    try {
      image.find(opened);
    } catch (RuntimeException | Error e) {
      faults.accept("cannot be opened or read: " + Trouble.describe(e));
    }
    return image.found;
  }

  private void find(Runnable opened) {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      try {
        nowMillis = bobbin.now().toEpochMilli();
        var queues = shape.open(bobbin);
        opened.run();
        queues.values().forEach(this::count);
        queues.forEach((name, queue) -> takeAll(name, queue, true));
        queues.forEach(this::listDead);
        bobbin.advance(LATER);
        queues.forEach((name, queue) -> takeAll(name, queue, false));
      } finally {
        // Nobody needs what closing would write.
        disk.discard();
      }
    }
  }

  private void count(JobQueue<byte[]> queue) {
    report.count("queues opened");
    report.count("of them with a torn tail", queue.recovery().tornBytes() > 0 ? 1 : 0);
    report.count("with jobs from the ring", queue.recovery().fromRing() > 0 ? 1 : 0);
    report.count("with jobs in hand", queue.recovery().suspects() > 0 ? 1 : 0);
    report.max("most segments", queue.status().journal().segments());
  }

  private void takeAll(String name, JobQueue<byte[]> queue, boolean early) {
    long began = System.nanoTime();
    while (queue.status().counts().ready() > 0) {
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        faults.accept("ready jobs of " + name + " cannot be taken: " + queue.status());
        return;
      }
      try (Lease<byte[]> lease = queue.take(MOST, A_MOMENT)) {
        for (LeasedJob<byte[]> job : lease) {
          add(job.payload(), new Found(name, job.attempt(), false, early, nowMillis));
        }
        lease.ackAll();
      }
    }
  }

  private void listDead(String name, JobQueue<byte[]> queue) {
    if (queue.recovery().dead() > 0) {
      for (DeadLetter letter : queue.deadLetters().list(MOST)) {
        add(letter.payload(), new Found(name, letter.attempts(), true, false, nowMillis));
      }
    }
  }

  private void add(byte[] payload, Found job) {
    int number = Payload.number(payload);
    if (number < 0) {
      faults.accept("a job of " + payload.length + " bytes that nobody submitted: " + job);
    } else if (found.put(number, job) != null) {
      faults.accept("job " + number + " is there twice: " + job);
    }
  }
}
