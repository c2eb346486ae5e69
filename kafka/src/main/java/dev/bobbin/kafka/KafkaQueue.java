package dev.bobbin.kafka;

import dev.bobbin.BatchHandler;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetters;
import dev.bobbin.Durability;
import dev.bobbin.JobHandler;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.QueueStatus;
import dev.bobbin.RawHandler;
import dev.bobbin.RecoveryReport;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.admit.Fit;
import dev.bobbin.internal.admit.KeyedAdmission.Admitted;
import dev.bobbin.internal.local.Dispatch;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.work.Delay;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The public face of a queue on Kafka. What has to do with handing jobs out is the core's queue's;
 * what comes in, and what was set aside, is here.
 */
final class KafkaQueue<T> implements JobQueue<T> {
  /** How far a look at the byte limit reaches. */
  private static final long LOOK_BYTES = 64 << 10;

  private final Dispatch<T> dispatch;
  private final JobQueue<T> core;
  private final Keeper keeper;
  private final Fetchers fetchers;
  private final Gauge gauge;
  private final Publisher publisher;
  private final Fit<T> fit;
  private final QueueOptions options;
  private final KafkaDeadLetters deadLetters;

  /** In the ids of the jobs that come in here. */
  private final long origin = new SecureRandom().nextLong();

  private final AtomicLong numbers = new AtomicLong();

  /** Bytes that may come in before anybody looks at the limit again. */
  private final AtomicLong allowedBytes = new AtomicLong();

  private final long waitNanos;

  KafkaQueue(
      Dispatch<T> dispatch,
      Keeper keeper,
      Fetchers fetchers,
      Gauge gauge,
      Publisher publisher,
      DeadTopic dead,
      Codec<T> codec,
      QueueOptions options) {
    this.dispatch = dispatch;
    this.core = dispatch.queue();
    this.keeper = keeper;
    this.fetchers = fetchers;
    this.gauge = gauge;
    this.publisher = publisher;
    this.fit = dispatch.fit(codec);
    this.options = options;
    this.waitNanos = options.submitTimeout().toNanos();
    this.deadLetters = new KafkaDeadLetters(dead, this::revive, this::refuseIfClosed);
  }

  @Override
  public String name() {
    return core.name();
  }

  // Jobs come in.

  @Override
  public JobId submit(T payload) {
    return submit(payload, JobOptions.NONE);
  }

  @Override
  public JobId submit(T payload, Duration delay) {
    return submit(payload, JobOptions.delay(delay));
  }

  @Override
  public JobId submit(T payload, JobOptions jobOptions) {
    Admitted admitted = add(payload, jobOptions, waitNanos);
    syncEach();
    return new JobId(origin, admitted.number());
  }

  @Override
  public long submitAll(Iterable<? extends T> payloads) {
    long accepted = 0;
    for (T payload : payloads) {
      try {
        add(payload, JobOptions.NONE, waitNanos);
        accepted++;
      } catch (RefusedException e) {
        throw new RefusedException(e.refusal(), e.detail(), e.getCause(), accepted);
      }
    }
    syncEach();
    return accepted;
  }

  @Override
  public SubmitResult trySubmit(T payload) {
    return trySubmit(payload, JobOptions.NONE);
  }

  @Override
  public SubmitResult trySubmit(T payload, JobOptions jobOptions) {
    Admitted admitted;
    try {
      admitted = add(payload, jobOptions, 0);
    } catch (RefusedException e) {
      return new SubmitResult.Refused(e.refusal(), e.detail());
    }
    syncEach();
    JobId id = new JobId(origin, admitted.number());
    return admitted.duplicate() ? new SubmitResult.Duplicate(id) : new SubmitResult.Accepted(id);
  }

  private void syncEach() {
    if (options.durability() == Durability.SYNC) {
      sync();
    }
  }

  private Admitted add(T payload, JobOptions jobOptions, long wait) {
    check(jobOptions);
    byte[] bytes = fit.encode(payload);
    // As long as in a directory, where they are a section of the frame.
    fit.checkSize(bytes.length, Extras.of(jobOptions, 0).length);
    return dispatch
        .entrance()
        .admit(jobOptions.key(), () -> admit(bytes.length), wait, () -> send(bytes, jobOptions));
  }

  private long send(byte[] bytes, JobOptions jobOptions) {
    long now = dispatch.nowMillis();
    long number = numbers.getAndIncrement();
    Duration timeToLive = jobOptions.timeToLive();
    long delay = jobOptions.delay().toMillis();
    Envelope job =
        new Envelope(
            new JobId(origin, number),
            1,
            jobOptions.priority(),
            now,
            timeToLive == null ? Long.MAX_VALUE : now + timeToLive.toMillis(),
            delay == 0 ? 0 : now + delay,
            jobOptions.key(),
            0,
            "");
    put(job, jobOptions.headers(), bytes, now);
    return number;
  }

  private void put(Envelope job, Map<String, String> headers, byte[] payload, long nowMillis) {
    dispatch.counters().entered.increment();
    try {
      keeper.add(job, headers, payload, nowMillis);
    } catch (RuntimeException e) {
      dispatch.counters().entered.decrement();
      throw new RefusedException(
          Refusal.DISK_SLOW, "the brokers do not take it: " + e.getMessage(), e, 0);
    }
  }

  private static void check(JobOptions jobOptions) {
    Fit.checkLifetime(jobOptions);
    if (jobOptions.headers().containsKey(Envelope.HEADER)) {
      throw new IllegalArgumentException(
          "JobOptions.headers: on Kafka the header " + Envelope.HEADER + " is the queue's own");
    }
  }

  /** Takes room for a job of so many bytes; returns why there is none, or null. */
  private @Nullable RefusedException admit(int bytes) {
    Limits limits = options.limits();
    if (publisher.isFull()) {
      return new RefusedException(
          Refusal.DISK_SLOW,
          "the brokers have not confirmed " + publisher.unconfirmedBytes() + " bytes",
          null,
          0);
    }
    if (limits.jobs() != Long.MAX_VALUE && keeper.unfinished() >= limits.jobs()) {
      gauge.wanted();
      return new RefusedException(
          Refusal.JOB_LIMIT,
          "the limit of " + limits.jobs() + " unfinished jobs is reached",
          null,
          0);
    }
    if (allowedBytes.addAndGet(-Keeper.jobBytes(bytes)) < 0 && !allow(bytes)) {
      gauge.wanted();
      return new RefusedException(
          Refusal.BYTE_LIMIT,
          "unfinished jobs take up the limit of " + limits.bytes() + " bytes",
          null,
          0);
    }
    return null;
  }

  /** Looks whether the limit has room for a job of so many bytes, and for how much more. */
  private boolean allow(int bytes) {
    long left = options.limits().bytes() - keeper.bytes() - Keeper.jobBytes(bytes);
    allowedBytes.set(Math.min(left, LOOK_BYTES));
    return left >= 0;
  }

  private void revive(ConsumerRecord<byte[], byte[]> letter) {
    Envelope job = Records.envelope(letter).revived();
    int bytes = letter.serializedValueSize();
    dispatch.entrance().admit(null, () -> admit(bytes), waitNanos, () -> send(job, letter));
    // Copy before the letter goes.
    sync();
  }

  private long send(Envelope job, ConsumerRecord<byte[], byte[]> letter) {
    put(job, Records.headers(letter.headers()), Records.payload(letter), dispatch.nowMillis());
    return job.id().number();
  }

  private void refuseIfClosed() {
    if (dispatch.isClosed()) {
      throw new IllegalStateException("queue " + name() + " is closed");
    }
  }

  @Override
  public void sync() {
    publisher.flush();
    Throwable failure = dispatch.failure();
    if (failure != null) {
      throw new RefusedException(Refusal.FAILED, "the brokers did not accept it", failure, 0);
    }
  }

  // Jobs go out.

  @Override
  public Workers work(WorkOptions workOptions, JobHandler<? super T> handler) {
    return fetching(core.work(workOptions, handler));
  }

  @Override
  public Workers workBatches(WorkOptions workOptions, BatchHandler<T> handler) {
    return fetching(core.workBatches(workOptions, handler));
  }

  @Override
  public Workers workRaw(WorkOptions workOptions, RawHandler handler) {
    return fetching(core.workRaw(workOptions, handler));
  }

  private Workers fetching(Workers workers) {
    return new FetchingWorkers(workers, fetchers);
  }

  @Override
  public Lease<T> take(int max, Duration wait, Duration leaseTime) {
    long began = System.nanoTime();
    long waits = Delay.nanos(wait);
    // What is here may be had without the brokers.
    Lease<T> here = core.take(max, Duration.ZERO, leaseTime);
    if (!here.isEmpty()) {
      return here;
    }
    fetchers.taker(1);
    try {
      long left = Math.max(0, waits - (System.nanoTime() - began));
      return core.take(max, Duration.ofNanos(left), leaseTime);
    } finally {
      fetchers.taker(-1);
    }
  }

  @Override
  public void pause() {
    core.pause();
  }

  @Override
  public void resume() {
    core.resume();
    fetchers.wake();
  }

  @Override
  public boolean drain(Duration timeout) {
    boolean idle = core.drain(Duration.ZERO);
    return timeout.isZero() ? idle : awaitIdle(timeout);
  }

  @Override
  public boolean awaitIdle(Duration timeout) {
    long nanos = Delay.nanos(timeout);
    if (nanos == 0 || dispatch.isClosed() || dispatch.failure() != null) {
      return core.awaitIdle(timeout);
    }
    // What others have put in may not have been heard of.
    long deadline = System.nanoTime() + nanos;
    gauge.waiting(1);
    try {
      return gauge.refresh(deadline)
          && core.awaitIdle(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      gauge.waiting(-1);
    }
  }

  @Override
  public QueueStatus status() {
    gauge.wanted();
    keeper.look(dispatch.nowMillis());
    return core.status();
  }

  @Override
  public RecoveryReport recovery() {
    return core.recovery();
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    core.close();
  }

  @Override
  public void close(Duration timeout) {
    core.close(timeout);
  }
}
