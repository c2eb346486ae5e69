package dev.bobbin.cli.bench.probe;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Jobs of 100 bytes pile up without a worker; then the queue is reopened and one worker drains it.
 * Every job must come once, in order, with the bytes that were submitted.
 */
public final class BacklogProbe {
  private static final int PAYLOAD_BYTES = 100;

  private BacklogProbe() {}

  /** Arguments: directory, number of jobs. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    long jobs = Long.parseLong(args[1]);
    Report report = new Report();
    long began = System.nanoTime();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      fill(bobbin.queue("backlog", Codec.bytes()), jobs);
      report.put("fillJobsPerSecond", jobs / Report.seconds(began));
    }
    began = System.nanoTime();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<byte[]> queue = bobbin.queue("backlog", Codec.bytes());
      report.put("reopenSeconds", Report.seconds(began));
      require(queue.recovery().ready() == jobs, "jobs after reopening", queue.recovery().ready());
      began = System.nanoTime();
      drain(queue, jobs);
      report.put("drainJobsPerSecond", jobs / Report.seconds(began));
    }
    report.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
    report.put("residentBytes", Memory.residentBytes());
    report.print();
  }

  private static void fill(JobQueue<byte[]> queue, long jobs) {
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < jobs; i++) {
      for (int at = 0; at + Long.BYTES <= PAYLOAD_BYTES; at += Long.BYTES) {
        payload.putLong(at, i + at);
      }
      queue.submit(payload.array());
    }
  }

  private static void drain(JobQueue<byte[]> queue, long jobs) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    CountDownLatch done = new CountDownLatch(1);
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          long expected = next.getPlain();
          long differences = job.length() ^ PAYLOAD_BYTES;
          for (int at = 0; at + Long.BYTES <= PAYLOAD_BYTES; at += Long.BYTES) {
            differences |= job.getLong(at) ^ (expected + at);
          }
          if (differences != 0) {
            wrong.incrementAndGet();
          }
          next.setOpaque(expected + 1);
          if (expected + 1 == jobs) {
            done.countDown();
          }
        });
    while (!done.await(100, TimeUnit.MILLISECONDS)) {
      if (queue.status().failure().isPresent()) {
        throw new IllegalStateException("the queue failed", queue.status().failure().get());
      }
    }
    require(wrong.get() == 0, "jobs wrong or out of order", wrong.get());
  }

  private static void require(boolean holds, String what, long found) {
    if (!holds) {
      throw new IllegalStateException(what + ": " + found);
    }
  }
}
