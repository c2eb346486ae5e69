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

  /** Jobs seen in this round. Written by the worker with release, read by the harness (acquire). */
  private final long[] counts = new long[2 * COUNT];

  /** Set between rounds, when nothing is on its way. */
  private volatile Round round = new Round(List.of(), null, new Histogram(3));

  private volatile @Nullable Throwable problem;

  Receiver(Payload payload) {
    this.payload = payload;
  }

  static long sequence(int producer, long number) {
    return (long) producer << PRODUCER_SHIFT | number;
  }

  @Override
  public void handle(RawJob job) {
    try {
      arrived(payload.check(job));
    } catch (RuntimeException e) {
      problem = e;
    }
  }

  @Override
  public void handle(byte[] bytes) {
    try {
      arrived(payload.check(bytes));
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

  private void arrived(long sequence) {
    Round now = round;
    long number = sequence & (1L << PRODUCER_SHIFT) - 1;
    if (now.pace != null) {
      now.lateness.recordValue(Math.max(0, System.nanoTime() - now.pace.dueNanos(number)));
    }
    if (now.arrivals.get((int) (sequence >>> PRODUCER_SHIFT)).add(number)) {
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
    round =
        new Round(LongStream.of(first).mapToObj(Arrivals::new).toList(), pace, new Histogram(3));
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
