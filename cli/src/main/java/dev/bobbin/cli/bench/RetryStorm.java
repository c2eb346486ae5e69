package dev.bobbin.cli.bench;

import dev.bobbin.Job;
import dev.bobbin.WorkOptions;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A steady stream of which every job fails once and comes back after a second: whether each is done
 * once in the end, and how long fresh jobs wait meanwhile.
 */
record RetryStorm(String name, String what) implements Row {
  private static final double SECONDS = 20;
  private static final long SLICE_NANOS = 1_000_000;
  private static final int JOBS_PER_SLICE = 1_000;
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final double MOST_WAIT_MILLIS = 1_000;
  private static final double OFFERED = 1e6;
  private static final double OFFERED_SHARE = 0.9;

  /** A virtual machine that has just begun to compile does a fifth of this, as after any start. */
  private static final double WARM_UP_SECONDS = 5;

  private static final int WARM_UP_JOBS_PER_SLICE = JOBS_PER_SLICE / 5;

  @Override
  public Result measure(Lab lab) throws Exception {
    blow(lab, lab.nanos(WARM_UP_SECONDS), WARM_UP_JOBS_PER_SLICE);
    return blow(lab, lab.nanos(SECONDS), JOBS_PER_SLICE);
  }

  private Result blow(Lab lab, long nanos, int jobsPerSlice) throws Exception {
    Payload payload = new Payload(Rows.PAYLOAD_BYTES);
    byte[] buffer = new byte[payload.size()];
    long slices = Math.max(1, nanos / SLICE_NANOS);
    long jobs = slices * jobsPerSlice;
    double rate;
    Storm storm;
    try (Lab.Bench bench = lab.onDirectory()) {
      storm = new Storm(payload, (int) jobs, jobsPerSlice, System.nanoTime());
      bench
          .queue()
          .workBatches(
              WorkOptions.workers(1),
              batch -> {
                for (Job<byte[]> job : batch) {
                  storm.job(job);
                }
              });
      long start = storm.start;
      long next = 0;
      for (long slice = 0; slice < slices; slice++) {
        for (int i = 0; i < jobsPerSlice; i++) {
          payload.fill(buffer, next++);
          bench.queue().submit(buffer);
        }
        long due = start + (slice + 1) * SLICE_NANOS;
        for (long left; (left = due - System.nanoTime()) > 0; ) {
          LockSupport.parkNanos(left);
        }
      }
      rate = jobs * 1e9 / (System.nanoTime() - start);
      storm.await(jobs);
    }
    return judge(storm, jobs, rate);
  }

  private Result judge(Storm storm, long jobs, double rate) {
    double p99 = storm.waitMicros.getValueAtPercentile(99) / 1e3;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("jobs", jobs);
    details.put("offeredPerSecond", rate);
    details.put("freshWaitMillisP50", storm.waitMicros.getValueAtPercentile(50) / 1e3);
    details.put("freshWaitMillisP99", p99);
    return new Result(
        name,
        Spread.of(rate),
        String.format(
            Locale.ROOT,
            "%.1f million jobs at %.2f million jobs/s, each done at its second delivery; fresh jobs waited p50"
                + " %.1f, p99 %.1f ms",
            jobs / 1e6,
            rate / 1e6,
            storm.waitMicros.getValueAtPercentile(50) / 1e3,
            p99),
        "1 million jobs/s, none lost, fresh p99 under 1 s",
        rate >= OFFERED * OFFERED_SHARE && p99 < MOST_WAIT_MILLIS,
        details);
  }

  /** What the one worker saw. */
  private static final class Storm {
    final long start;
    final Histogram waitMicros = new Histogram(TimeUnit.HOURS.toMicros(1), 2);
    private final Payload payload;
    private final int jobsPerSlice;
    private final BitSet failed;
    private final BitSet done;
    private final AtomicLong finished = new AtomicLong();
    private volatile @Nullable IllegalStateException problem;

    Storm(Payload payload, int jobs, int jobsPerSlice, long start) {
      this.payload = payload;
      this.jobsPerSlice = jobsPerSlice;
      this.failed = new BitSet(jobs);
      this.done = new BitSet(jobs);
      this.start = start;
    }

    void job(Job<byte[]> job) {
      int number = (int) payload.check(job.payload());
      if (!failed.get(number)) {
        failed.set(number);
        long due = start + number / jobsPerSlice * SLICE_NANOS;
        waitMicros.recordValue(Math.max(0, System.nanoTime() - due) / 1_000);
        job.retry(DELAY, "every job fails once");
      } else if (done.get(number) || job.attempt() != 2) {
        problem = new IllegalStateException("job " + number + " came once too often");
      } else {
        done.set(number);
        finished.setRelease(finished.getPlain() + 1);
      }
    }

    void await(long jobs) {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (finished.getAcquire() < jobs) {
        if (problem != null) {
          throw problem;
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              finished.getAcquire() + " of " + jobs + " jobs were done within two minutes");
        }
        LockSupport.parkNanos(SLICE_NANOS);
      }
    }
  }
}
