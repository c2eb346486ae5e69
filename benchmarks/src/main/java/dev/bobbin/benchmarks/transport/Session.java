package dev.bobbin.benchmarks.transport;

import dev.bobbin.cli.bench.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A queue that is open for some rounds, with its workers. For one thread. */
public final class Session implements AutoCloseable {
  private static final double PATIENCE_SECONDS = 60;

  /** From a paced round's beginning to its first job: time enough to start a thread. */
  private static final long START_NANOS = 10_000_000;

  private static final long LOOK_NANOS = 50_000;

  /** How many jobs are submitted between two looks at the clock. */
  private static final int STRIDE = 64;

  private final Peer peer;
  private final double patienceSeconds;
  private final Payload payload;
  private final Transport transport;
  private final List<Receiver> receivers;
  private final List<Producer> producers = new ArrayList<>();

  /** Each producer's next number. */
  private final long[] next;

  /** Opens a queue in {@code directory}, which is there and empty. */
  public Session(Peer peer, Load load, Path directory) throws Exception {
    this(peer, load, directory, PATIENCE_SECONDS);
  }

  /** Waits that long for a job that does not come. */
  Session(Peer peer, Load load, Path directory, double patienceSeconds) throws Exception {
    this.peer = peer;
    this.patienceSeconds = patienceSeconds;
    payload = new Payload(load.payloadBytes());
    next = new long[load.producers()];
    receivers = Stream.generate(() -> new Receiver(payload)).limit(load.workers()).toList();
    transport = peer.open(load, directory);
    try {
      transport.start(receivers);
      for (int i = 0; i < load.producers(); i++) {
        producers.add(transport.producer());
      }
    } catch (Exception e) {
      transport.close();
      throw e;
    }
  }

  /** All producers as fast as they can for that long, and until every job arrived. */
  public Measured asFastAsPossible(double seconds) throws Exception {
    return round(null, (long) (seconds * 1e9));
  }

  /**
   * The producer at a fixed pace for that long, and until every job arrived.
   *
   * @param resting whether the producer sleeps rather than spins while no job is due
   * @throws IllegalStateException if there are several producers
   */
  public Measured paced(double jobsPerSecond, double seconds, boolean resting) throws Exception {
    if (producers.size() != 1) {
      throw new IllegalStateException("a paced round has one producer, not " + producers.size());
    }
    Pace pace = new Pace(System.nanoTime() + START_NANOS, next[0], 1e9 / jobsPerSecond, resting);
    return round(pace, (long) (seconds * 1e9));
  }

  private Measured round(@Nullable Pace pace, long nanos) throws Exception {
    long[] first = next.clone();
    receivers.forEach(receiver -> receiver.begin(first, pace));
    Usage before = Usage.of(peer.servers());
    long start = System.nanoTime();
    List<Submitter> submitters =
        IntStream.range(0, producers.size())
            .mapToObj(
                i -> new Submitter(i, pace, (pace == null ? start : pace.startNanos()) + nanos))
            .toList();
    submitters.forEach(Thread::start);
    for (Submitter submitter : submitters) {
      submitter.join();
      submitter.throwProblem();
    }
    long jobs = 0;
    for (int i = 0; i < next.length; i++) {
      jobs += next[i] - first[i];
    }
    await(jobs);
    double seconds = (System.nanoTime() - start) / 1e9;
    Usage used = Usage.of(peer.servers()).since(before);
    Histogram lateness = new Histogram(3);
    receivers.forEach(receiver -> lateness.add(receiver.lateness()));
    return new Measured(jobs, seconds, used.cpuSeconds(), used.writtenBytes(), lateness);
  }

  /** Looks again and again instead of being called, so that workers do nothing but check. */
  private void await(long jobs) {
    long before = -1;
    long since = System.nanoTime();
    for (long now;
        (now = arrived()) < jobs || distinct() < jobs;
        LockSupport.parkNanos(LOOK_NANOS)) {
      receivers.forEach(Receiver::throwProblem);
      if (now != before) {
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > patienceSeconds * 1e9) {
        throw new IllegalStateException(
            now
                + " of "
                + jobs
                + " jobs have arrived, and none since for long: the round does not count");
      }
    }
    receivers.forEach(Receiver::throwProblem);
  }

  private long arrived() {
    return receivers.stream().mapToLong(Receiver::count).sum();
  }

  /** Over all workers: one that was brought to two of them counts once. */
  private long distinct() {
    return IntStream.range(0, next.length)
        .mapToLong(
            producer ->
                Arrivals.distinct(
                    receivers.stream().map(receiver -> receiver.arrivals(producer)).toList()))
        .sum();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  /** One producer's thread in one round. */
  private final class Submitter extends Thread {
    private final int number;
    private final @Nullable Pace pace;
    private final long endNanos;
    private @Nullable Throwable problem;

    Submitter(int number, @Nullable Pace pace, long endNanos) {
      super("producer-" + number);
      this.number = number;
      this.pace = pace;
      this.endNanos = endNanos;
    }

    @Override
    public void run() {
      try {
        Producer producer = producers.get(number);
        next[number] = pace == null ? race(producer) : walk(producer, pace);
        producer.flush();
      } catch (Throwable e) {
        problem = e;
      }
    }

    private long race(Producer producer) throws Exception {
      byte[][] prepared = payload.prepared();
      long job = next[number];
      do {
        for (int i = 0; i < STRIDE; i++) {
          byte[] bytes = prepared[(int) job & (Payload.KINDS - 1)];
          payload.stamp(bytes, Receiver.sequence(number, job++));
          producer.send(bytes);
        }
      } while (System.nanoTime() - endNanos < 0);
      return job;
    }

    private long walk(Producer producer, Pace steps) throws Exception {
      byte[] bytes = new byte[payload.size()];
      long job = next[number];
      for (; steps.dueNanos(job) - endNanos < 0; job++) {
        payload.fill(bytes, Receiver.sequence(number, job));
        steps.awaitTurn(job);
        producer.send(bytes);
      }
      return job;
    }

    /** After {@link #join}. */
    void throwProblem() {
      if (problem != null) {
        throw new IllegalStateException("submit failed: " + problem, problem);
      }
    }
  }
}
