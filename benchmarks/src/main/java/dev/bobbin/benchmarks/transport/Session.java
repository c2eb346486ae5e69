package dev.bobbin.benchmarks.transport;

import dev.bobbin.cli.bench.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
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
  private final int queues;

  /** Those of the first queue, then those of the next. */
  private final List<Receiver> receivers;

  private final List<Producer> producers = new ArrayList<>();

  /** Each producer's next number. */
  private final long[] next;

  /** Each producer's first number in the round that comes, if jobs of it are in the queue. */
  private long @Nullable [] begun;

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
    queues = load.queues();
    receivers =
        IntStream.range(0, queues * load.workers())
            .mapToObj(i -> new Receiver(payload, i / load.workers(), queues))
            .toList();
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
   * @param waiting what the producer does while no job is due
   * @throws IllegalStateException if there are several producers
   */
  public Measured paced(double jobsPerSecond, double seconds, Waiting waiting) throws Exception {
    return round(pace(jobsPerSecond, waiting), (long) (seconds * 1e9));
  }

  private Pace pace(double jobsPerSecond, Waiting waiting) {
    if (producers.size() != 1) {
      throw new IllegalStateException("a paced round has one producer, not " + producers.size());
    }
    return new Pace(System.nanoTime() + START_NANOS, next[0], 1e9 / jobsPerSecond, waiting);
  }

  /**
   * The producer as fast as it can until it has submitted that many jobs, which no worker takes:
   * whoever asks for it has seen to that. They are jobs of the next round.
   *
   * @return the figures of the submits
   */
  public Measured fill(long jobs) throws Exception {
    return fill(null, Long.MAX_VALUE / 2, jobs);
  }

  /**
   * The same at a fixed pace and for that long.
   *
   * @return the figures of the submits; the lateness is from when a job was due to when its submit
   *     returned
   */
  public Measured fill(double jobsPerSecond, double seconds) throws Exception {
    return fill(pace(jobsPerSecond, Waiting.NAPPING), (long) (seconds * 1e9), Long.MAX_VALUE);
  }

  private Measured fill(@Nullable Pace pace, long nanos, long jobs) throws Exception {
    long[] first = begin(null);
    begun = first;
    Usage before = Usage.of(peer.servers());
    long start = System.nanoTime();
    long already = submittedSince(first);
    Histogram lateness = submit(pace, (pace == null ? start : pace.startNanos()) + nanos, jobs);
    double seconds = (System.nanoTime() - start) / 1e9;
    Usage used = Usage.of(peer.servers()).since(before);
    return new Measured(
        submittedSince(first) - already,
        seconds,
        used.cpuSeconds(),
        used.writtenBytes(),
        seconds,
        arrived(),
        lateness);
  }

  /** That many jobs of an earlier session are in the queue. They are jobs of the next round. */
  public void expect(long jobs) {
    begun = begin(null);
    next[0] += jobs;
  }

  /** Gives back the memory in which the last round's arrivals are noted. */
  public void forget() {
    receivers.forEach(Receiver::forget);
  }

  private long[] begin(@Nullable Pace pace) {
    if (begun != null) {
      return begun;
    }
    long[] first = next.clone();
    receivers.forEach(receiver -> receiver.begin(first, pace));
    return first;
  }

  private long submittedSince(long[] first) {
    return IntStream.range(0, next.length).mapToLong(i -> next[i] - first[i]).sum();
  }

  private Measured round(@Nullable Pace pace, long nanos) throws Exception {
    long[] first = begin(pace);
    begun = null;
    Usage before = Usage.of(peer.servers());
    long start = System.nanoTime();
    submit(pace, (pace == null ? start : pace.startNanos()) + nanos, Long.MAX_VALUE);
    double submitSeconds = (System.nanoTime() - start) / 1e9;
    long meanwhile = arrived();
    long jobs = submittedSince(first);
    await(jobs);
    double seconds = (System.nanoTime() - start) / 1e9;
    Usage used = Usage.of(peer.servers()).since(before);
    Histogram lateness = new Histogram(3);
    receivers.forEach(receiver -> lateness.add(receiver.lateness()));
    return new Measured(
        jobs, seconds, used.cpuSeconds(), used.writtenBytes(), submitSeconds, meanwhile, lateness);
  }

  /**
   * All producers, until the time is over or each has submitted that many.
   *
   * @return from when jobs were due to when their submits returned; empty if there was no pace
   */
  private Histogram submit(@Nullable Pace pace, long endNanos, long jobs) throws Exception {
    List<Submitter> submitters =
        IntStream.range(0, producers.size())
            .mapToObj(i -> new Submitter(i, pace, endNanos, jobs))
            .toList();
    submitters.forEach(Thread::start);
    Histogram lateness = new Histogram(3);
    for (Submitter submitter : submitters) {
      submitter.join();
      submitter.throwProblem();
      lateness.add(submitter.lateness);
    }
    return lateness;
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
    int workers = receivers.size() / queues;
    return IntStream.range(0, queues)
        .mapToObj(queue -> receivers.subList(queue * workers, (queue + 1) * workers))
        .mapToLong(this::distinct)
        .sum();
  }

  private long distinct(List<Receiver> ofOneQueue) {
    return IntStream.range(0, next.length)
        .mapToLong(
            producer ->
                Arrivals.distinct(
                    ofOneQueue.stream().map(receiver -> receiver.arrivals(producer)).toList()))
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
    private final long jobs;
    private final Histogram lateness = new Histogram(3);
    private @Nullable Throwable problem;

    Submitter(int number, @Nullable Pace pace, long endNanos, long jobs) {
      super("producer-" + number);
      this.number = number;
      this.pace = pace;
      this.endNanos = endNanos;
      this.jobs = jobs;
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
      long end = job + Math.min(jobs, Long.MAX_VALUE - job);
      while (job < end) {
        for (long stop = Math.min(end, job + STRIDE); job < stop; ) {
          byte[] bytes = prepared[(int) job & (Payload.KINDS - 1)];
          payload.stamp(bytes, Receiver.sequence(number, job++));
          producer.send(bytes);
        }
        if (System.nanoTime() - endNanos >= 0) {
          break;
        }
      }
      return job;
    }

    private long walk(Producer producer, Pace steps) throws Exception {
      byte[] bytes = new byte[payload.size()];
      long job = next[number];
      for (; steps.dueNanos(job) - endNanos < 0; job++) {
        payload.fill(bytes, Receiver.sequence(number, job));
        steps.awaitTurn(job);
        producer.send(bytes);
        lateness.recordValue(Math.max(0, System.nanoTime() - steps.dueNanos(job)));
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
