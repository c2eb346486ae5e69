package dev.bobbin.cli.bench;

import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import java.util.Locale;
import java.util.Map;

/**
 * Jobs handled per second, one producer and one worker, both as fast as they can. A round ends when
 * every job submitted in it was handled. A first round warms up.
 */
record Throughput(
    String name, String what, boolean directory, boolean raw, int payloadBytes, double target)
    implements Row {
  private static final double ROUND_SECONDS = 3;

  /** How many jobs are submitted between two looks at the clock. */
  private static final int STRIDE = 1024;

  @Override
  public Result measure(Lab lab) throws Exception {
    Payload payload = new Payload(payloadBytes);
    Checker checker = new Checker(payload, 1);
    double[] rates = new double[lab.rounds()];
    long submitted = 0;
    try (Lab.Bench bench = directory ? lab.onDirectory() : lab.inMemory()) {
      JobQueue<byte[]> queue = bench.queue();
      if (raw) {
        queue.workRaw(WorkOptions.workers(1), checker);
      } else {
        queue.workBatches(WorkOptions.workers(1), checker);
      }
      for (int round = -1; round < rates.length; round++) {
        long start = System.nanoTime();
        long first = submitted;
        submitted = submit(queue, payload, first, start + lab.nanos(ROUND_SECONDS));
        checker.await(submitted);
        if (round >= 0) {
          rates[round] = (submitted - first) * 1e9 / (System.nanoTime() - start);
        }
      }
    }
    checker.requireComplete(0, submitted);
    Spread spread = Spread.of(rates);
    return new Result(
        name,
        spread,
        String.format(
            Locale.ROOT,
            "%.1f million jobs/s (%.1f to %.1f)",
            spread.median() / 1e6,
            spread.min() / 1e6,
            spread.max() / 1e6),
        String.format(Locale.ROOT, "%.0f million jobs/s", target / 1e6),
        spread.median() >= target,
        Map.of());
  }

  /** Submits until {@code endNanos} and returns the next free sequence number. */
  private static long submit(JobQueue<byte[]> queue, Payload payload, long first, long endNanos) {
    // The queue copies what it is given, so the arrays can be used again.
    byte[][] prepared = payload.prepared();
    long next = first;
    do {
      for (int i = 0; i < STRIDE; i++) {
        byte[] buffer = prepared[(int) next & (Payload.KINDS - 1)];
        payload.stamp(buffer, next++);
        queue.submit(buffer);
      }
    } while (System.nanoTime() - endNanos < 0);
    return next;
  }
}
