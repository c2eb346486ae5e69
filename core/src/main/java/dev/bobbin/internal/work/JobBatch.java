package dev.bobbin.internal.work;

import dev.bobbin.Batch;
import dev.bobbin.Codec;
import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.Priority;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The batch that a handler sees, and what it said of each job. Reused from batch to batch by its
 * worker. Jobs that have expired or cannot be decoded are left out, with an outcome of their own.
 *
 * <p>Whoever takes the batch away from its worker looks at it while the handler runs, through
 * {@link #fates}: hence the modes of {@link #outcomes}. He alone writes {@link #TAKEN}.
 */
final class JobBatch<T> implements Batch<T> {
  /** Marks a job that was acked by name. */
  private static final Object ACKED = new Object();

  /** Marks a job without an outcome that whoever took the batch away gives to others. */
  private static final Object TAKEN = new Object();

  private static final VarHandle OUTCOMES = MethodHandles.arrayElementVarHandle(Object[].class);

  private final long origin;
  private final Codec<T> codec;
  private final Expiry expiry;
  private final String decodedNull;
  private final @Nullable Hold hold;
  private final List<Unacked> unacked = new ArrayList<>();
  private @Nullable Object[] payloads;
  private @Nullable Object[] outcomes;
  private int[] offsets;
  private byte[] bytes = new byte[0];
  private int size;
  private boolean anyOutcome;

  /** Counts the times that this view was given to a handler or taken from it. */
  private int turn;

  /** {@code hold} is the worker's, null if the batch is not a handler's. */
  JobBatch(long origin, Codec<T> codec, Expiry expiry, @Nullable Hold hold, int jobs) {
    this.origin = origin;
    this.codec = codec;
    this.expiry = expiry;
    this.decodedNull = codec.getClass().getName() + ".decode returned null";
    this.hold = hold;
    this.payloads = new Object[jobs];
    this.outcomes = new Object[jobs];
    this.offsets = new int[jobs];
  }

  void load(Delivery delivery) {
    int jobs = delivery.size();
    if (payloads.length < jobs) {
      payloads = new Object[jobs];
      outcomes = new Object[jobs];
      offsets = new int[jobs];
    } else {
      Arrays.fill(payloads, 0, size, null);
    }
    turn++;
    unacked.clear();
    if (anyOutcome) {
      Arrays.fill(outcomes, null);
      anyOutcome = false;
    }
    bytes = delivery.bytes();
    size = 0;
    for (int i = 0; i < jobs; i++) {
      int offset = delivery.offset(i);
      Unacked expired = expiry.check(bytes, offset);
      if (expired != null) {
        unacked.add(expired);
        continue;
      }
      try {
        T payload =
            codec.decode(
                bytes, Frame.payloadOffset(bytes, offset), Frame.payloadLength(bytes, offset));
        payloads[size] = Objects.requireNonNull(payload, decodedNull);
        offsets[size++] = offset;
      } catch (Throwable e) {
        unacked.add(unreadable(offset, e));
      }
    }
  }

  /**
   * An exception is what the codec says of the bytes, and would say again: a dead letter. An error
   * may say no more than that memory is short or a class not there: the job has failed, as if its
   * handler had thrown it.
   */
  private Unacked unreadable(int offset, Throwable thrown) {
    String reason = "cannot be decoded: " + Unacked.describe(thrown);
    return thrown instanceof Error
        ? Unacked.failed(bytes, offset, reason)
        : new Unacked(bytes, offset, Unacked.Kind.REJECT, 0, reason);
  }

  /** The handler threw: jobs without an outcome have failed. */
  void failRest(String error) {
    for (int i = 0; i < size; i++) {
      if (outcomes[i] == null) {
        fail(i, error);
      }
    }
  }

  /** The handler of this job alone threw. */
  void fail(int index, String error) {
    anyOutcome = true;
    OUTCOMES.setRelease(outcomes, index, Unacked.failed(bytes, offsets[index], error));
  }

  /**
   * Jobs that are not acked, in order of position; those at or behind {@code progress} that got no
   * outcome are kept.
   */
  List<Unacked> unacked(int progress) {
    turn++;
    for (int i = progress; i < size; i++) {
      if (outcomes[i] == null) {
        unacked.add(Unacked.keep(bytes, offsets[i]));
      }
    }
    if (anyOutcome) {
      for (int i = 0; i < size; i++) {
        if (outcomes[i] instanceof Unacked job) {
          unacked.add(job);
        }
      }
    }
    if (anyOutcome || progress < size) {
      unacked.sort((a, b) -> Integer.compare(a.offset(), b.offset()));
    }
    return unacked;
  }

  /** The batch is in other hands, and this view is not used again. */
  void retire() {
    turn++;
  }

  /**
   * Jobs that have expired or could not be decoded, in order of position; until the next {@link
   * #unacked}.
   */
  List<Unacked> unfit() {
    return unacked;
  }

  /**
   * Says what has become of each job so far, while the handler runs: jobs before {@code progress}
   * are acked unless they have another outcome. Invariant 6: one compare-and-set decides between an
   * outcome that comes at this moment and giving the job to others.
   */
  void fates(int progress, TakeBack back) {
    unacked.forEach(back::failed);
    for (int i = 0; i < size; i++) {
      Object outcome =
          i < progress
              ? OUTCOMES.getAcquire(outcomes, i)
              : OUTCOMES.compareAndExchange(outcomes, i, (Object) null, TAKEN);
      if (outcome instanceof Unacked job) {
        back.failed(job);
      } else if (outcome != null || i < progress) {
        back.acked(offsets[i]);
      } else {
        back.open(offsets[i]);
      }
    }
  }

  /** Where the frame of the job at {@code index} lies. */
  int offset(int index) {
    return offsets[index];
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  @SuppressWarnings("unchecked") // load put what the codec decoded there
  public T payload(int index) {
    return (T) Objects.requireNonNull(payloads[Objects.checkIndex(index, size)]);
  }

  @Override
  public Job<T> job(int index) {
    Objects.checkIndex(index, size);
    return new Entry(index, offsets[index]);
  }

  @Override
  public Iterator<Job<T>> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public Job<T> next() {
        if (next >= size) {
          throw new NoSuchElementException();
        }
        return job(next++);
      }
    };
  }

  /**
   * Invariant 6: an outcome that comes when the batch is no longer in this handler's hands changes
   * nothing.
   */
  private void settle(int index, int entryTurn, Object outcome) {
    if (hold != null && hold.isLost()) {
      throw leaseHasEnded();
    }
    if (entryTurn != turn) {
      throw new IllegalStateException(
          "the handler of this job's batch has returned: its outcome is settled");
    }
    anyOutcome = true;
    Object before = OUTCOMES.compareAndExchange(outcomes, index, (Object) null, outcome);
    if (before == TAKEN) {
      throw leaseHasEnded();
    }
    if (before != null) {
      throw new IllegalStateException("this job has got an outcome already");
    }
  }

  private static IllegalStateException leaseHasEnded() {
    return new IllegalStateException(
        "the lease on this job's batch has ended: the job is in other hands");
  }

  private final class Entry implements Job<T> {
    private final int index;
    private final int offset;
    private final int entryTurn = turn;

    Entry(int index, int offset) {
      this.index = index;
      this.offset = offset;
    }

    @Override
    public JobId id() {
      return Frame.jobId(bytes, offset, origin);
    }

    @Override
    public int attempt() {
      return Frame.attempt(bytes, offset);
    }

    @Override
    public Instant submittedAt() {
      return Instant.ofEpochSecond(Frame.submittedSeconds(bytes, offset));
    }

    @Override
    public Priority priority() {
      return Frame.priority(bytes, offset);
    }

    @Override
    public Map<String, String> headers() {
      return Extras.headers(bytes, offset);
    }

    @Override
    public T payload() {
      return JobBatch.this.payload(index);
    }

    @Override
    public void ack() {
      settle(index, entryTurn, ACKED);
    }

    @Override
    public void retry(String error) {
      settle(
          index,
          entryTurn,
          new Unacked(bytes, offset, Unacked.Kind.RETRY, Unacked.BY_POLICY, text(error)));
    }

    @Override
    public void retry(Duration delay, String error) {
      settle(
          index,
          entryTurn,
          new Unacked(bytes, offset, Unacked.Kind.RETRY, Delay.nanos(delay), text(error)));
    }

    @Override
    public void snooze(Duration delay) {
      settle(
          index,
          entryTurn,
          new Unacked(bytes, offset, Unacked.Kind.SNOOZE, Delay.nanos(delay), ""));
    }

    @Override
    public void reject(String reason) {
      settle(index, entryTurn, new Unacked(bytes, offset, Unacked.Kind.REJECT, 0, text(reason)));
    }

    /** Callers pass on what an exception says, and exceptions may say nothing. */
    private String text(@Nullable String given) {
      return given == null ? "" : given;
    }
  }
}
