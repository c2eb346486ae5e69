package dev.bobbin.benchmarks.transport;

import dev.bobbin.Batch;
import dev.bobbin.BatchHandler;
import dev.bobbin.JobHandler;
import dev.bobbin.RawHandler;
import dev.bobbin.RawJob;
import dev.bobbin.cli.bench.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one worker does with a job: checks every byte, notes its number, and, in a paced round, how
 * late it is. One worker calls {@code handle}, from whatever thread; the harness calls the rest.
 */
public final class Receiver implements RawHandler, BatchHandler<byte[]>, JobHandler<byte[]> {
  /** A sequence number's upper bits name the producer. */
  private static final int PRODUCER_SHIFT = 40;

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Where in {@link #counts} the count is: no other thread's data on its lines. */
  private static final int COUNT = 16;

  private final Payload payload;
  private final int lane;
  private final int lanes;

  /** Jobs seen in this round. Written by the worker with release, read by the harness (acquire). */
  private final long[] counts = new long[2 * COUNT];

  /** Set between rounds, when nothing is on its way. */
  private volatile Round round = new Round(List.of(), null, new Histogram(3));

  private volatile @Nullable Throwable problem;

  /**
   * For the worker of a queue to which every {@code lanes}-th job of each producer goes.
   *
   * @param lane what is left of such a job's number by {@code lanes}
   */
  Receiver(Payload payload, int lane, int lanes) {
    this.payload = payload;
    this.lane = lane;
    this.lanes = lanes;
  }

  /** What identifies a producer's job among all. */
  public static long sequence(int producer, long number) {
    return (long) producer << PRODUCER_SHIFT | number;
  }

  /** Whose job it is. */
  public static int producer(long sequence) {
    return (int) (sequence >>> PRODUCER_SHIFT);
  }

  /** Which of its producer's jobs it is. */
  public static long number(long sequence) {
    return sequence & (1L << PRODUCER_SHIFT) - 1;
  }

  @Override
  public void handle(RawJob job) {
    try {
      arrived(payload.check(job), true, true);
    } catch (RuntimeException e) {
      problem = e;
    }
  }

  @Override
  public void handle(byte[] bytes) {
    handle(bytes, true, true);
  }

  /**
   * One delivery of a job that may have several.
   *
   * @param first whether it is the first one: how late the job is counts then
   * @param last whether the job is done: it has arrived then
   */
  public void handle(byte[] bytes, boolean first, boolean last) {
    try {
      arrived(payload.check(bytes), first, last);
    } catch (RuntimeException e) {
      problem = e;
    }
  }

  @Override
  public void handle(Batch<byte[]> batch) {
    for (int i = 0; i < batch.size(); i++) {
      handle(batch.payload(i));
    }
  }

  private void arrived(long sequence, boolean first, boolean last) {
    Round now = round;
    long number = number(sequence);
    if (first && now.pace != null) {
      now.lateness.recordValue(Math.max(0, System.nanoTime() - now.pace.dueNanos(number)));
    }
    if (last && now.arrivals.get(producer(sequence)).add(number)) {
      COUNTS.setRelease(counts, COUNT, counts[COUNT] + 1);
    }
  }

  /**
   * A round begins; nothing is on its way.
   *
   * @param first each producer's first number
   */
  void begin(long[] first, @Nullable Pace pace) {
    COUNTS.setVolatile(counts, COUNT, 0L);
    round = new Round(LongStream.of(first).mapToObj(this::arrivals).toList(), pace, histogram());
  }

  private Arrivals arrivals(long first) {
    return new Arrivals(first + Math.floorMod(lane - first, (long) lanes), lanes);
  }

  /** A large one for each of a thousand would have the collector at work. */
  private Histogram histogram() {
    return new Histogram(lanes == 1 ? 3 : 2);
  }

  /** Nothing is on its way: notes no more. */
  void forget() {
    round = new Round(List.of(), null, histogram());
  }

  long count() {
    return (long) COUNTS.getAcquire(counts, COUNT);
  }

  Arrivals arrivals(int producer) {
    return round.arrivals.get(producer);
  }

  Histogram lateness() {
    return round.lateness;
  }

  void throwProblem() {
    Throwable found = problem;
    if (found != null) {
      throw new IllegalStateException("wrong delivery: " + found.getMessage(), found);
    }
  }

  private record Round(List<Arrivals> arrivals, @Nullable Pace pace, Histogram lateness) {}
}
