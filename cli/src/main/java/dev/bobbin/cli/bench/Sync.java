package dev.bobbin.cli.bench;

import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Jobs per second when each thread calls {@code sync} after each job: what group commit is worth.
 * By turns with bare forces on the same disk: what is not the disk's.
 */
record Sync(String name, String what, int threads) implements Row {
  private static final double ROUND_SECONDS = 3;
  private static final double FACTOR = 10;
  private static final Sync ALONE = new Sync("sync-1", "sync after each job, 1 thread", 1);

  static List<Row> rows() {
    return List.of(ALONE, new Sync("sync-64", "sync after each job, 64 threads", 64));
  }

  @Override
  public Result measure(Lab lab) throws Exception {
    Payload payload = new Payload(Rows.PAYLOAD_BYTES);
    Checker checker = new Checker(payload, threads);
    double[] rates = new double[lab.rounds()];
    double[] forces = new double[lab.rounds()];
    long[] sent = new long[threads];
    ExecutorService producers = Executors.newFixedThreadPool(threads);
    try (Lab.Bench bench = lab.onDirectory();
        Lab.Folder folder = lab.folder();
        BareForce bare = new BareForce(folder.path())) {
      bench.queue().workRaw(WorkOptions.workers(1), checker);
      long before = 0;
      for (int round = -1; round < rates.length; round++) {
        long start = System.nanoTime();
        long now =
            submit(bench.queue(), payload, producers, sent, start + lab.nanos(ROUND_SECONDS));
        checker.await(now);
        double rate = (now - before) * 1e9 / (System.nanoTime() - start);
        double forced = bare.perSecond(lab.nanos(ROUND_SECONDS));
        if (round >= 0) {
          rates[round] = rate;
          forces[round] = forced;
        }
        before = now;
      }
    } finally {
      producers.shutdownNow();
    }
    for (int producer = 0; producer < threads; producer++) {
      checker.requireComplete(producer, sent[producer]);
    }
    return judge(rates, forces, lab);
  }

  private static long submit(
      JobQueue<byte[]> queue,
      Payload payload,
      ExecutorService producers,
      long[] sent,
      long endNanos)
      throws Exception {
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < sent.length; i++) {
      int producer = i;
      tasks.add(() -> submit(queue, payload, producer, sent[producer], endNanos));
    }
    List<Future<Long>> ends = producers.invokeAll(tasks);
    long all = 0;
    for (int i = 0; i < sent.length; i++) {
      sent[i] = ends.get(i).get();
      all += sent[i];
    }
    return all;
  }

  private static long submit(
      JobQueue<byte[]> queue, Payload payload, int producer, long first, long endNanos) {
    byte[] buffer = new byte[payload.size()];
    long next = first;
    while (System.nanoTime() - endNanos < 0) {
      payload.fill(buffer, Checker.sequence(producer, next++));
      queue.submit(buffer);
      queue.sync();
    }
    return next;
  }

  private Result judge(double[] jobs, double[] forces, Lab lab) throws Exception {
    Spread rates = Spread.of(jobs);
    double[] ratios = new double[jobs.length];
    Arrays.setAll(ratios, round -> jobs[round] / forces[round]);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("bareForcesPerSecond", Spread.of(forces).json());
    details.put("timesBareForce", Spread.of(ratios).median());
    String bare =
        String.format(
            Locale.ROOT,
            "%.2f times bare 4 KiB forces (%,.0f/s)",
            Spread.of(ratios).median(),
            Spread.of(forces).median());
    String measured = String.format(Locale.ROOT, "%,.0f jobs/s", rates.median());
    if (threads == 1) {
      return new Result(
          name, rates, measured + ", " + bare, "the measure for sync-64", true, details);
    }
    double factor = rates.median() / lab.result(ALONE).jobsPerSecond().median();
    details.put("timesSync1", factor);
    return new Result(
        name,
        rates,
        measured + String.format(Locale.ROOT, ", %.1f times sync-1, %s", factor, bare),
        String.format(Locale.ROOT, "%.0f times sync-1", FACTOR),
        factor >= FACTOR,
        details);
  }
}
