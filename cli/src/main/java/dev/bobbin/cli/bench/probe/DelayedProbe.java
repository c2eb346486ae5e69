package dev.bobbin.cli.bench.probe;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Delayed jobs of 100 bytes, due in random order within a span that begins when all are submitted:
 * what one takes up in memory, how late each comes to a free worker, and whether they come in order
 * of their due times.
 */
public final class DelayedProbe {
  private static final int PAYLOAD_BYTES = 100;

  /** How many become due in a second. */
  private static final int DUE_PER_SECOND = 100_000;

  /** How fast this submits at least; the first job is due when all should be in. */
  private static final int SUBMITTED_PER_SECOND = 500_000;

  /** Five seconds' worth. */
  private static final int WARM_UP_JOBS = 5 * DUE_PER_SECOND;

  private static final long SEED = 42;

  private DelayedProbe() {}

  /** Arguments: directory, number of jobs. */
  public static void main(String[] args) throws Exception {
    int jobs = Integer.parseInt(args[1]);
    warmUp(Path.of(args[0]).resolveSibling("warm-up"), Math.min(jobs, WARM_UP_JOBS));
    Report report = new Report();
    try (Bobbin bobbin = Bobbin.open(Path.of(args[0]))) {
      JobQueue<byte[]> queue = bobbin.queue("delayed", Codec.bytes());
      long before = Memory.liveHeapBytes();
      long began = System.nanoTime();
      long firstDue =
          System.currentTimeMillis() + 3_000 + (long) jobs * 1_000 / SUBMITTED_PER_SECOND;
      BitSet slow = submit(queue, jobs, firstDue);
      report.put("submitJobsPerSecond", jobs / Report.seconds(began));
      long left = firstDue - System.currentTimeMillis();
      report.put("submittedMillisBeforeTheFirstWasDue", left);
      if (left < 1_000) {
        throw new IllegalStateException("this machine submits too slowly: " + left + " ms left");
      }
      report.put("bytesPerJob", (double) (Memory.liveHeapBytes() - before) / jobs);
      Fired fired = new Fired(jobs, slow);
      queue.workRaw(WorkOptions.workers(1), job -> fired.job(job.getLong(0), job.getLong(8)));
      while (!fired.all.await(100, TimeUnit.MILLISECONDS)) {
        if (queue.status().failure().isPresent()) {
          throw new IllegalStateException("the queue failed", queue.status().failure().get());
        }
      }
      fired.report(report);
    }
    report.print();
  }

  /** The same with fewer jobs, so that the virtual machine has compiled what it runs often. */
  private static void warmUp(Path directory, int jobs) throws InterruptedException {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<byte[]> queue = bobbin.queue("delayed", Codec.bytes());
      Fired fired = new Fired(jobs, submit(queue, jobs, System.currentTimeMillis() + 1_000));
      queue.workRaw(WorkOptions.workers(1), job -> fired.job(job.getLong(0), job.getLong(8)));
      fired.all.await();
    }
  }

  /** Returns which jobs' due times are not known to the millisecond. */
  private static BitSet submit(JobQueue<byte[]> queue, int jobs, long firstDue) {
    BitSet slow = new BitSet();
    SplittableRandom random = new SplittableRandom(SEED);
    long spanMillis = Math.max(1, (long) jobs * 1_000 / DUE_PER_SECOND);
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < jobs; i++) {
      long due = firstDue + random.nextLong(spanMillis);
      payload.putLong(0, i).putLong(8, due);
      // The queue adds the delay to its own look at the clock, which may be later.
      long now = System.currentTimeMillis();
      queue.submit(payload.array(), Duration.ofMillis(Math.max(0, due - now)));
      if (System.currentTimeMillis() > now + 1) {
        slow.set(i);
      }
    }
    return slow;
  }

  /** What the one worker saw. */
  private static final class Fired {
    final CountDownLatch all = new CountDownLatch(1);
    private final int jobs;
    private final BitSet slow;
    private final BitSet seen = new BitSet();
    private final Histogram lateMillis = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
    private long lastDue;
    private long early;
    private long outOfOrder;
    private int count;

    Fired(int jobs, BitSet slow) {
      this.jobs = jobs;
      this.slow = slow;
    }

    void job(long number, long due) {
      long late = System.currentTimeMillis() - due;
      if (seen.get((int) number)) {
        throw new IllegalStateException("job " + number + " came twice");
      }
      seen.set((int) number);
      lateMillis.recordValue(Math.max(0, late));
      early += late < 0 ? 1 : 0;
      if (!slow.get((int) number)) {
        // One millisecond of slack for the two looks at the clock in submit.
        outOfOrder += due < lastDue - 1 ? 1 : 0;
        lastDue = Math.max(lastDue, due);
      }
      if (++count == jobs) {
        all.countDown();
      }
    }

    void report(Report report) {
      report.put("early", early);
      report.put("outOfOrder", outOfOrder);
      report.put("lateMillisP50", lateMillis.getValueAtPercentile(50));
      report.put("lateMillisP99", lateMillis.getValueAtPercentile(99));
      report.put("lateMillisP999", lateMillis.getValueAtPercentile(99.9));
      report.put("lateMillisMax", lateMillis.getMaxValue());
    }
  }
}
