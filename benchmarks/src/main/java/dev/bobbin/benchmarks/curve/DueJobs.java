package dev.bobbin.benchmarks.curve;

import dev.bobbin.JobQueue;
import dev.bobbin.RawJob;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.cli.bench.Payload;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Delayed jobs, due in random order within a span that begins when others have been measured. One
 * thread submits and waits, one worker calls {@link #took}.
 */
final class DueJobs {
  private static final int DUE_PER_SECOND = 100_000;

  /** How fast they are submitted at least; 500,000 are usual. */
  private static final int SUBMITTED_PER_SECOND = 150_000;

  private static final long PATIENCE_MILLIS = 60_000;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final int producer;
  private final int jobs;
  private final Payload payload;
  private final BitSet seen = new BitSet();
  private final Histogram lateMillis = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
  private final CountDownLatch all;
  private volatile @Nullable RuntimeException problem;

  /** Set before the first of them is submitted. */
  private volatile long firstDue;

  private int count;

  /**
   * @param producer a number that is none of a session's producers
   */
  DueJobs(int producer, long jobs, int payloadBytes) {
    this.producer = producer;
    this.jobs = Math.toIntExact(jobs);
    payload = new Payload(payloadBytes);
    all = new CountDownLatch(jobs == 0 ? 0 : 1);
  }

  /**
   * Submits them all.
   *
   * @param seconds how long what comes before the first is due may take
   * @return jobs a second
   */
  double submit(JobQueue<byte[]> queue, double seconds) {
    firstDue =
        System.currentTimeMillis() + (long) (jobs * 1e3 / SUBMITTED_PER_SECOND + seconds * 1e3);
    byte[] bytes = new byte[payload.size()];
    long start = System.nanoTime();
    for (int i = 0; i < jobs; i++) {
      payload.fill(bytes, Receiver.sequence(producer, i));
      queue.submit(bytes, Duration.ofMillis(Math.max(0, due(i) - System.currentTimeMillis())));
    }
    return jobs * 1e9 / (System.nanoTime() - start);
  }

  private long due(long number) {
    long span = Math.max(1, jobs * 1_000L / DUE_PER_SECOND);
    return firstDue + (((number + 1) * MIX) >>> 1) % span;
  }

  /** Whether the job is one of these; notes it then. */
  boolean took(RawJob job) {
    long sequence = job.getLong(0);
    if (Receiver.producer(sequence) != producer) {
      return false;
    }
    try {
      arrived((int) Receiver.number(payload.check(job)));
    } catch (RuntimeException e) {
      problem = e;
    }
    return true;
  }

  private void arrived(int number) {
    long late = System.currentTimeMillis() - due(number);
    if (late < 0 || seen.get(number)) {
      throw new IllegalStateException(
          "delayed job " + number + " came " + (late < 0 ? -late + " ms early" : "twice"));
    }
    seen.set(number);
    lateMillis.recordValue(late);
    if (++count == jobs) {
      all.countDown();
    }
  }

  /**
   * Checks that what had to be over before the first was due is over.
   *
   * @throws IllegalStateException if the first is due
   */
  void requireNoneDue() {
    long late = System.currentTimeMillis() - firstDue;
    if (late >= 0) {
      throw new IllegalStateException(
          "the first delayed jobs were due "
              + late
              + " ms before the others were measured: this machine is too busy");
    }
  }

  /**
   * Waits until all have come.
   *
   * @return how late each was, in milliseconds
   * @throws IllegalStateException if one is wrong or does not come
   */
  Histogram await() throws InterruptedException {
    long patience = due(jobs) - System.currentTimeMillis() + jobs * 1_000L / DUE_PER_SECOND;
    boolean came = all.await(patience + PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    if (problem != null) {
      throw new IllegalStateException("wrong delivery: " + problem.getMessage(), problem);
    }
    if (!came) {
      throw new IllegalStateException("not all of " + jobs + " delayed jobs have come");
    }
    return lateMillis;
  }
}
