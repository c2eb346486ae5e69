package dev.bobbin.internal.local;

import dev.bobbin.BatchHandler;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetters;
import dev.bobbin.Durability;
import dev.bobbin.JobHandler;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueStatus;
import dev.bobbin.RawHandler;
import dev.bobbin.RecoveryReport;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.work.BatchWorker;
import dev.bobbin.internal.work.Delay;
import dev.bobbin.internal.work.RawWorker;
import dev.bobbin.internal.work.WorkerGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The public face of a queue on ring and journal. */
final class LocalQueue<T> implements JobQueue<T> {
  private static final ThreadLocal<FrameWriter> WRITERS = ThreadLocal.withInitial(FrameWriter::new);

  private final LocalBobbin owner;
  private final QueueCore core;
  private final IoThread io;
  private final Codec<T> codec;
  private final LocalDeadLetters deadLetters;
  private final int maxPayloadBytes;
  private final long waitNanos;
  private final boolean syncsEach;
  private final List<WorkerGroup> groups = new ArrayList<>();
  private boolean closed;

  LocalQueue(LocalBobbin owner, QueueCore core, IoThread io, Codec<T> codec) {
    this.owner = owner;
    this.core = core;
    this.io = io;
    this.codec = codec;
    this.deadLetters = new LocalDeadLetters(core, io, this::syncEach);
    this.maxPayloadBytes = core.options.maxPayloadBytes();
    this.waitNanos = core.options.submitTimeout().toNanos();
    this.syncsEach = core.options.durability() == Durability.SYNC;
  }

  @Override
  public String name() {
    return core.name;
  }

  @Override
  public JobId submit(T payload) {
    return submit(payload, waitNanos);
  }

  /**
   * Invariant 1: on return the frame is published in the mapped ring, so it outlives this process.
   */
  private JobId submit(T payload, long nanos) {
    FrameWriter writer = WRITERS.get();
    writer.ready(encode(payload), core.submitMillis());
    long position = core.admission.admit(writer, Way.READY, nanos);
    syncEach();
    return new JobId(core.id, position);
  }

  @Override
  public JobId submit(T payload, Duration delay) {
    long delayMillis = Delay.nanos(delay) / 1_000_000;
    byte[] bytes = encode(payload);
    long now = System.currentTimeMillis();
    FrameWriter writer = WRITERS.get();
    writer.delayed(bytes, now + delayMillis, now);
    long position = core.admission.admit(writer, Way.DELAYED, waitNanos);
    core.counters.entered.increment();
    core.admission.outside(writer.alignedLength());
    core.delays.add(now + delayMillis, position);
    syncEach();
    return new JobId(core.id, position);
  }

  private byte[] encode(T payload) {
    byte[] bytes = codec.encode(payload);
    if (bytes.length > maxPayloadBytes) {
      throw new RefusedException(
          Refusal.JOB_TOO_LARGE,
          "the payload has "
              + bytes.length
              + " bytes, the limit is "
              + maxPayloadBytes
              + " (QueueOptions.maxPayloadBytes)",
          null,
          0);
    }
    return bytes;
  }

  @Override
  public long submitAll(Iterable<? extends T> payloads) {
    long accepted = 0;
    for (T payload : payloads) {
      try {
        FrameWriter writer = WRITERS.get();
        writer.ready(encode(payload), core.submitMillis());
        core.admission.admit(writer, Way.READY, waitNanos);
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
      return new SubmitResult.Accepted(submit(payload, 0));
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
  public void sync() {
    if (core.journal == null) {
      return;
    }
    long target = core.ring.tail();
    try {
      while (core.durableEnd() < target) {
        Throwable failure = core.failure();
        if (failure != null) {
          throw new RefusedException(Refusal.FAILED, "the disk did not accept it", failure, 0);
        }
        io.awaitCycle();
        if (core.durableEnd() < target && core.failure() == null) {
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
    return start(BatchWorker.oneByOne(core.desk, core.name, options, core.id, codec, handler));
  }

  @Override
  public Workers workBatches(WorkOptions options, BatchHandler<T> handler) {
    return start(BatchWorker.batches(core.desk, core.name, options, core.id, codec, handler));
  }

  @Override
  public Workers workRaw(WorkOptions options, RawHandler handler) {
    return start(RawWorker.of(core.desk, core.name, options, core.id, handler));
  }

  private Workers start(WorkerGroup group) {
    synchronized (groups) {
      if (!closed) {
        groups.add(group);
        group.launch();
        return group;
      }
    }
    throw new IllegalStateException("queue " + core.name + " is closed");
  }

  @Override
  public QueueStatus status() {
    long left = core.counters.left();
    long inRing = core.window.countReady();
    long loaded = core.desk.loadedJobs() + core.backlogJobs();
    long delayed = core.delays.size();
    long entered = core.ring.taken() + core.counters.entered.sum();
    long durable = core.durableEnd();
    long notDurable = core.journal == null ? 0 : Math.max(0, core.ring.tail() - durable);
    return new QueueStatus(
        core.name,
        inRing + loaded,
        Math.max(0, entered - left - delayed - loaded),
        delayed,
        core.dead.index.size(),
        core.counters.acked.sum(),
        core.counters.retried.sum(),
        core.counters.snoozed.sum(),
        core.counters.died.sum(),
        core.ring.capacity(),
        core.ring.tail() - core.window.reclaimed(),
        core.journalBytes(),
        core.journalLiveBytes(),
        notDurable,
        notDurable == 0
            ? Duration.ZERO
            : Duration.ofNanos(System.nanoTime() - core.undurableSince()),
        core.counters.flushes.sum(),
        Optional.ofNullable(core.failure()));
  }

  @Override
  public RecoveryReport recovery() {
    return core.recovery;
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  /** Throws if the caller is one of this queue's workers. */
  void refuseOnWorker() {
    synchronized (groups) {
      if (groups.stream().anyMatch(WorkerGroup::isOnWorker)) {
        throw new IllegalStateException(
            "close waits for the handlers, so a handler cannot call it: call Workers.stop instead");
      }
    }
  }

  @Override
  public void close() {
    synchronized (groups) {
      refuseOnWorker();
      if (closed) {
        return;
      }
      closed = true;
    }
    core.admission.close(Refusal.CLOSED, "queue " + core.name + " is closed", null);
    for (WorkerGroup group : groups) {
      group.closeUninterruptibly();
    }
    deadLetters.close();
    owner.shutDown(this, core);
  }
}
