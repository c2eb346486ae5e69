package dev.bobbin.internal.local;

import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.admit.Fit;
import dev.bobbin.internal.admit.KeyedAdmission.Admitted;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.FrameWriter;

/**
 * What submitting a job does: encode it, build its frame, have it admitted. Thread-safe; each
 * producer thread has a writer of its own.
 *
 * <p>A job of normal priority that is due at once goes into the ring as a ready frame. All others
 * go in as delayed frames, and come to workers when they are due, each priority in a lane of its
 * own.
 */
final class Intake<T> {
  private static final ThreadLocal<FrameWriter> WRITERS = ThreadLocal.withInitial(FrameWriter::new);

  private final QueueCore core;
  private final Fit<T> fit;

  Intake(QueueCore core, Codec<T> codec) {
    this.core = core;
    this.fit = new Fit<>(codec, core.options.maxPayloadBytes(), core.admission);
  }

  /**
   * Invariant 1: on return the frame is published in the mapped ring, so it outlives this process.
   * Returns the job's number.
   */
  long add(T payload, long waitNanos) {
    FrameWriter writer = WRITERS.get();
    writer.ready(encode(payload), core.submitMillis());
    return core.admission.admit(writer, Way.READY, waitNanos);
  }

  /** As {@link #add(Object, long)}, a job that becomes ready after {@code delayMillis}. */
  long add(T payload, long delayMillis, long waitNanos) {
    byte[] bytes = encode(payload);
    long now = core.time.wallMillis();
    FrameWriter writer = WRITERS.get();
    writer.delayed(bytes, now + delayMillis, now);
    long position = core.admission.admit(writer, Way.DELAYED, waitNanos);
    entered(writer);
    core.delays.add(Priority.NORMAL, now + delayMillis, position);
    core.idleness.mayHaveCome();
    return position;
  }

  /** As {@link #add(Object, long)}, with what the job carries besides its payload. */
  Admitted add(T payload, JobOptions options, long waitNanos) {
    Fit.checkLifetime(options);
    byte[] bytes = fit.encode(payload);
    long now = core.time.wallMillis();
    byte[] extras = Extras.of(options, now);
    fit.checkSize(bytes.length, extras.length);
    long due = now + options.delay().toMillis();
    boolean ready = options.priority() == Priority.NORMAL && options.delay().isZero();
    FrameWriter writer = WRITERS.get();
    if (ready) {
      writer.ready(bytes, extras, now);
    } else {
      writer.delayed(options.priority(), bytes, extras, due, now);
    }
    Admitted admitted = admit(options, writer, ready ? Way.READY : Way.DELAYED, waitNanos);
    if (!ready && !admitted.duplicate()) {
      entered(writer);
      if (options.delay().isZero()) {
        core.delays.addReady(options.priority(), due, admitted.number());
      } else {
        core.delays.add(options.priority(), due, admitted.number());
      }
      core.idleness.mayHaveCome();
    }
    return admitted;
  }

  /** A delayed frame is in the ring, where no worker takes it: it counts as outside. */
  private void entered(FrameWriter writer) {
    core.counters.entered.increment();
    core.admission.outside(writer.alignedLength());
  }

  private Admitted admit(JobOptions options, FrameWriter writer, Way way, long waitNanos) {
    String key = options.key();
    return key == null
        ? new Admitted(core.admission.admit(writer, way, waitNanos), false)
        : core.keyed.admit(key, writer, way, waitNanos);
  }

  private byte[] encode(T payload) {
    byte[] bytes = fit.encode(payload);
    fit.checkSize(bytes.length, 0);
    return bytes;
  }
}
