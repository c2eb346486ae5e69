package dev.bobbin.cli.bench;

import dev.bobbin.WorkOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * How much of a steady stream reaches the disk while the worker keeps up, the queue's own files
 * included.
 */
record Elision(String name, String what) implements Row {
  private static final double SECONDS = 30;
  private static final long SLICE_NANOS = 1_000_000;
  private static final int JOBS_PER_SLICE = 1_000;
  private static final double MOST_PERCENT = 10;

  @Override
  public Result measure(Lab lab) throws Exception {
    Payload payload = new Payload(Rows.PAYLOAD_BYTES);
    Checker checker = new Checker(payload, 1);
    byte[] buffer = new byte[payload.size()];
    long slices = Math.max(1, lab.nanos(SECONDS) / SLICE_NANOS);
    long submitted = 0;
    double rate;
    long written;
    long before = DiskWrites.ofThisProcess();
    try (Lab.Bench bench = lab.onDirectory()) {
      bench.queue().workRaw(WorkOptions.workers(1), checker);
      long start = System.nanoTime();
      for (long slice = 0; slice < slices; slice++) {
        for (int i = 0; i < JOBS_PER_SLICE; i++) {
          payload.fill(buffer, submitted++);
          bench.queue().submit(buffer);
        }
        long due = start + (slice + 1) * SLICE_NANOS;
        for (long left; (left = due - System.nanoTime()) > 0; ) {
          LockSupport.parkNanos(left);
        }
      }
      checker.await(submitted);
      rate = submitted * 1e9 / (System.nanoTime() - start);
      bench.shut();
      // Before the files go: removing them takes back what was not yet written.
      written = DiskWrites.ofThisProcess() - before;
    }
    checker.requireComplete(0, submitted);
    return judge(rate, submitted * payload.size(), written);
  }

  private Result judge(double rate, long payloadBytes, long written) {
    double percent = 100.0 * written / payloadBytes;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("payloadBytes", payloadBytes);
    details.put("writtenBytes", written);
    details.put("writtenPercent", percent);
    return new Result(
        name,
        Spread.of(rate),
        String.format(
            Locale.ROOT,
            "%.1f %% of %,d MB at %.2f million jobs/s",
            percent,
            payloadBytes / 1_000_000,
            rate / 1e6),
        "under 10 % written",
        percent < MOST_PERCENT,
        details);
  }
}
