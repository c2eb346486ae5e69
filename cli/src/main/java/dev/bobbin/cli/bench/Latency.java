package dev.bobbin.cli.bench;

import dev.bobbin.WorkOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * From submit to handler at a fixed pace, by turns through a queue on a directory (one worker, a
 * handler per job on a copy of its bytes) and through an {@code ArrayBlockingQueue} (one thread
 * that takes). Time runs from the moment at which a job was due, so that a stall counts for every
 * job that it held up, and not for one only.
 */
record Latency(String name, String what, double jobsPerSecond) implements Row {
  private static final double ROUND_SECONDS = 3;
  private static final int CAPACITY = 65_536;
  private static final double MOST = 1.5;
  private static final byte[] END = new byte[0];

  @Override
  public Result measure(Lab lab) throws Exception {
    List<Histogram> ours = new ArrayList<>();
    List<Histogram> theirs = new ArrayList<>();
    double[] rates = new double[lab.rounds()];
    long jobs = Math.max(1, (long) (lab.nanos(ROUND_SECONDS) / 1e9 * jobsPerSecond));
    try (Lab.Bench bench = lab.onDirectory()) {
      Turn turn = new Turn();
      bench.queue().work(WorkOptions.workers(1), turn::arrived);
      for (int round = -1; round < lab.rounds(); round++) {
        long start = System.nanoTime();
        Histogram our = turn.run(jobs, bench.queue()::submit);
        double rate = jobs * 1e9 / (System.nanoTime() - start);
        Histogram their = throughArrayBlockingQueue(jobs);
        if (round >= 0) {
          ours.add(our);
          theirs.add(their);
          rates[round] = rate;
        }
      }
    }
    return judge(Spread.of(rates), ours, theirs);
  }

  private Histogram throughArrayBlockingQueue(long jobs) throws InterruptedException {
    ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CAPACITY);
    Turn turn = new Turn();
    Thread consumer =
        new Thread(
            () -> {
              try {
                for (byte[] job; (job = queue.take()) != END; ) {
                  turn.arrived(job);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "array-blocking-queue");
    consumer.start();
    try {
      // It keeps what it is given, so each job is a copy; Bobbin copies by itself.
      return turn.run(jobs, job -> queue.add(job.clone()));
    } finally {
      queue.put(END);
      consumer.join();
    }
  }

  private Result judge(Spread rates, List<Histogram> ours, List<Histogram> theirs) {
    Map<String, Object> our = new LinkedHashMap<>();
    Map<String, Object> their = new LinkedHashMap<>();
    Map<String, Object> ratios = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    boolean met = true;
    for (double percentile : new double[] {50, 99, 99.9}) {
      double a = micros(ours, percentile);
      double b = micros(theirs, percentile);
      String key = percentile == 99.9 ? "p99.9" : "p" + (int) percentile;
      our.put(key, a);
      their.put(key, b);
      ratios.put(key, a / b);
      met &= percentile == 99.9 || a <= MOST * b;
      text.append(
          String.format(Locale.ROOT, "%s%s %.1f/%.1f us", text.isEmpty() ? "" : ", ", key, a, b));
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("latencyMicros", our);
    details.put("arrayBlockingQueueMicros", their);
    details.put("ratio", ratios);
    return new Result(
        name,
        rates,
        text + " (queue/ArrayBlockingQueue)",
        "p50 and p99 at most 1.5 times ArrayBlockingQueue's",
        met,
        details);
  }

  private static double micros(List<Histogram> rounds, double percentile) {
    return Spread.of(rounds.stream().mapToDouble(h -> h.getValueAtPercentile(percentile)).toArray())
            .median()
        / 1e3;
  }

  /**
   * One way of handing jobs over, paced and checked. The producer runs it, one other thread calls
   * {@link #arrived}.
   */
  private final class Turn {
    private final Payload payload = new Payload(Rows.PAYLOAD_BYTES);
    private final Checker checker = new Checker(payload, 1);
    private long sent;

    /**
     * Written by the producer before it submits, read by the consumer for what was submitted after.
     */
    private volatile Pace pace = new Pace(0, 0, 1);

    private volatile Histogram histogram = new Histogram(3);

    Histogram run(long jobs, Consumer<byte[]> submit) {
      histogram = new Histogram(3);
      Pace now = new Pace(System.nanoTime(), sent, 1e9 / jobsPerSecond);
      pace = now;
      byte[] buffer = new byte[payload.size()];
      for (long end = sent + jobs; sent < end; sent++) {
        payload.fill(buffer, sent);
        now.awaitTurn(sent);
        submit.accept(buffer);
      }
      checker.await(sent);
      return histogram;
    }

    void arrived(byte[] job) {
      long late = System.nanoTime() - pace.dueNanos(Payload.sequence(job));
      histogram.recordValue(Math.max(0, late));
      checker.handle(job);
    }
  }

  /** When each job is due. */
  private record Pace(long startNanos, long first, double everyNanos) {
    long dueNanos(long number) {
      return startNanos + (long) ((number - first) * everyNanos);
    }

    /** Spins: a parked thread would come back too late for the next job. */
    void awaitTurn(long number) {
      long due = dueNanos(number);
      while (System.nanoTime() - due < 0) {
        Thread.onSpinWait();
      }
    }
  }
}
