package dev.bobbin.internal.local;

import dev.bobbin.BatchHandler;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetters;
import dev.bobbin.Durability;
import dev.bobbin.JobHandler;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.QueueStatus;
import dev.bobbin.RawHandler;
import dev.bobbin.RecoveryReport;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.StoredQueue;
import dev.bobbin.SubmitResult;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.admit.KeyedAdmission.Admitted;
import dev.bobbin.internal.work.BatchWorker;
import dev.bobbin.internal.work.Delay;
import dev.bobbin.internal.work.FrameLease;
import dev.bobbin.internal.work.Pulls;
import dev.bobbin.internal.work.RawWorker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The public face of a queue on ring and journal. */
final class LocalQueue<T> implements JobQueue<T> {
  final QueueCore core;
  private final IoThread io;
  private final Codec<T> codec;
  private final LocalDeadLetters deadLetters;
  private final Intake<T> intake;
  private final long waitNanos;
  private final boolean syncsEach;
  private final Pulls<T> pulls;
  private final LifeCycle life;

  LocalQueue(LocalBobbin owner, QueueCore core, IoThread io, Codec<T> codec) {
    this.core = core;
    this.io = io;
    this.codec = codec;
    this.deadLetters = new LocalDeadLetters(core, io, this::syncEach);
    this.intake = new Intake<>(core, codec);
    this.pulls = new Pulls<>(core.desk, core.name, core.id, codec);
    this.life = new LifeCycle(core, () -> shutDown(owner));
    this.waitNanos = core.options.submitTimeout().toNanos();
    this.syncsEach = core.options.durability() == Durability.SYNC;
  }

  @Override
  public String name() {
    return core.name;
  }

  /** The sizes that it was created with: opening with others is refused. */
  StoredQueue stored() {
    return new StoredQueue(core.name, core.options.ringBytes(), core.options.segmentBytes());
  }

  @Override
  public JobId submit(T payload) {
    return accepted(intake.add(payload, waitNanos));
  }

  @Override
  public JobId submit(T payload, Duration delay) {
    return accepted(intake.add(payload, Delay.nanos(delay) / 1_000_000, waitNanos));
  }

  @Override
  public JobId submit(T payload, JobOptions options) {
    return accepted(intake.add(payload, options, waitNanos).number());
  }

  @Override
  public long submitAll(Iterable<? extends T> payloads) {
    long accepted = 0;
    for (T payload : payloads) {
      try {
        intake.add(payload, waitNanos);
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
    try {
      return new SubmitResult.Accepted(accepted(intake.add(payload, 0)));
    } catch (RefusedException e) {
      return new SubmitResult.Refused(e.refusal(), e.detail());
    }
  }

  /** What {@link Durability#SYNC} promises, after jobs were accepted. */
  private void syncEach() {
    if (syncsEach) {
      sync();
    }
  }

  @Override
  public SubmitResult trySubmit(T payload, JobOptions options) {
    try {
      Admitted admitted = intake.add(payload, options, 0);
      JobId id = accepted(admitted.number());
      return admitted.duplicate() ? new SubmitResult.Duplicate(id) : new SubmitResult.Accepted(id);
    } catch (RefusedException e) {
      return new SubmitResult.Refused(e.refusal(), e.detail());
    }
  }

  /** The id of a job that is in the queue, once it is as safe as this queue promises. */
  private JobId accepted(long number) {
    if (syncsEach) {
      sync();
    }
    return new JobId(core.id, number);
  }

  @Override
  public void sync() {
    if (core.journal == null) {
      return;
    }
    long target = core.ring.tail();
    try {
      while (core.flushing.durableEnd() < target) {
        Throwable failure = core.failure();
        if (failure != null) {
          throw new RefusedException(Refusal.FAILED, "the disk did not accept it", failure, 0);
        }
        io.awaitCycle();
        if (core.flushing.durableEnd() < target && core.failure() == null) {
          // The cycle was whole and still left something: there is no room for it.
          core.admission.refuseIfClosed();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BobbinException(
          "interrupted while waiting for the disk; the job is queued, its durability unknown", e);
    }
  }

  @Override
  public Workers work(WorkOptions options, JobHandler<? super T> handler) {
    return life.start(BatchWorker.oneByOne(core.desk, core.name, options, core.id, codec, handler));
  }

  @Override
  public Workers workBatches(WorkOptions options, BatchHandler<T> handler) {
    return life.start(BatchWorker.batches(core.desk, core.name, options, core.id, codec, handler));
  }

  @Override
  public Workers workRaw(WorkOptions options, RawHandler handler) {
    return life.start(RawWorker.of(core.desk, core.name, options, core.id, handler));
  }

  @Override
  public Lease<T> take(int max, Duration wait, Duration leaseTime) {
    return pulls.take(max, wait, leaseTime);
  }

  /** For whoever moves the jobs elsewhere. */
  @Nullable FrameLease takeFrames(int max, Duration leaseTime) {
    return pulls.takeFrames(max, leaseTime);
  }

  @Override
  public QueueStatus status() {
    return core.status.read();
  }

  @Override
  public RecoveryReport recovery() {
    return core.recovery;
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public void pause() {
    life.pause();
  }

  @Override
  public void resume() {
    life.resume();
  }

  @Override
  public boolean drain(Duration timeout) {
    return life.drain(timeout);
  }

  @Override
  public boolean awaitIdle(Duration timeout) {
    return life.awaitIdle(timeout);
  }

  @Override
  public void close() {
    LifeCycle.close(List.of(life), LifeCycle.FOREVER);
  }

  @Override
  public void close(Duration timeout) {
    LifeCycle.close(List.of(life), Delay.nanos(timeout));
  }

  private void shutDown(LocalBobbin owner) {
    deadLetters.close();
    owner.shutDown(this, core);
  }

  LifeCycle life() {
    return life;
  }
}
