package dev.bobbin.cli.bench;

import dev.bobbin.Batch;
import dev.bobbin.BatchHandler;
import dev.bobbin.JobHandler;
import dev.bobbin.RawHandler;
import dev.bobbin.RawJob;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The handler of every row, in its three forms: checks each payload and that each arrives exactly
 * once. One worker calls it; another thread waits in {@link #await}.
 */
final class Checker implements RawHandler, BatchHandler<byte[]>, JobHandler<byte[]> {
  /** A sequence number's upper bits name the producer. */
  private static final int PRODUCER_SHIFT = 40;

  private static final long STALL_NANOS = 30_000_000_000L;
  private static final long LOOK_NANOS = 50_000;

  private final Payload payload;
  private final Ledger[] ledgers;

  /** Written by the worker with release, read by the waiting thread with acquire. */
  private final AtomicLong arrived = new AtomicLong();

  private volatile @Nullable Throwable problem;

  Checker(Payload payload, int producers) {
    this.payload = payload;
    ledgers = new Ledger[producers];
    for (int i = 0; i < producers; i++) {
      ledgers[i] = new Ledger();
    }
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
  public void handle(Batch<byte[]> batch) {
    for (int i = 0; i < batch.size(); i++) {
      handle(batch.payload(i));
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

  private void arrived(long sequence) {
    ledgers[(int) (sequence >>> PRODUCER_SHIFT)].arrived(sequence & (1L << PRODUCER_SHIFT) - 1);
    arrived.setRelease(arrived.getPlain() + 1);
  }

  /**
   * Waits until {@code count} jobs have arrived in all. Looks again and again instead of being
   * called, so that the worker does nothing but check.
   *
   * @throws IllegalStateException if a payload was wrong, came twice or does not come
   */
  void await(long count) {
    long before = -1;
    long since = System.nanoTime();
    for (long now; (now = arrived.getAcquire()) < count; LockSupport.parkNanos(LOOK_NANOS)) {
      throwProblem();
      if (now != before) {
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > STALL_NANOS) {
        throw new IllegalStateException(
            now + " of " + count + " jobs have arrived, and none for 30 s");
      }
    }
    throwProblem();
  }

  /**
   * Checks, after {@link #await}, that {@code producer} has sent {@code count} jobs and all have
   * arrived.
   */
  void requireComplete(int producer, long count) {
    if (!ledgers[producer].complete(count)) {
      throw new IllegalStateException("not exactly the first " + count + " jobs have arrived");
    }
  }

  private void throwProblem() {
    if (problem != null) {
      throw new IllegalStateException("wrong delivery: " + problem.getMessage(), problem);
    }
  }
}
