package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.move.Arrival;
import dev.bobbin.internal.move.MovedJob;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.time.Time;
import java.nio.file.Path;
import java.time.Duration;

/** Jobs arrive at a queue in a directory, which is created if it is absent. */
public final class LocalArrival implements Arrival {
  private final LocalBobbin bobbin;
  private final LocalQueue<byte[]> queue;
  private final QueueCore core;
  private final FrameWriter writer = new FrameWriter();

  private LocalArrival(LocalBobbin bobbin, LocalQueue<byte[]> queue) {
    this.bobbin = bobbin;
    this.queue = queue;
    this.core = queue.core;
  }

  /** Opens the queue {@code name} in {@code directory}, which nobody else may hold. */
  public static LocalArrival of(Path directory, String name) {
    LocalBobbin bobbin = LocalBobbin.open(directory, Time.system());
    try {
      QueueOptions options =
          bobbin.storedQueue(name).map(StoredQueue::options).orElseGet(LocalArrival::unlimited);
      return new LocalArrival(
          bobbin, (LocalQueue<byte[]>) bobbin.queue(name, Codec.bytes(), options));
    } catch (RuntimeException e) {
      bobbin.close();
      throw e;
    }
  }

  /** What was accepted elsewhere is accepted here. */
  private static QueueOptions unlimited() {
    QueueOptions defaults = QueueOptions.defaults();
    return new StoredQueue("new", defaults.ringBytes(), defaults.segmentBytes()).options();
  }

  @Override
  public void add(MovedJob job) {
    JobOptions carried =
        new JobOptions(Duration.ZERO, Priority.NORMAL, job.headers(), job.key(), null);
    byte[] extras = Extras.of(carried, job.expiryMillis(), job.id());
    checkSize(job, extras);
    if (job.isDead()) {
      bury(job, extras);
    } else {
      admit(job, extras);
    }
  }

  private void checkSize(MovedJob job, byte[] extras) {
    long bytes = (long) job.payload().length + extras.length;
    if (bytes > core.options.maxPayloadBytes()) {
      throw new BobbinException(
          "job "
              + job.id()
              + " has "
              + bytes
              + " bytes with what it carries, and queue "
              + core.name
              + " takes "
              + core.options.maxPayloadBytes()
              + " with its ring of "
              + core.options.ringBytes()
              + " bytes and segments of "
              + core.options.segmentBytes()
              + ". Nothing is lost: the job is still where it was. Create the queue with larger ones"
              + " first, by a program that opens it with QueueOptions");
    }
  }

  private void admit(MovedJob job, byte[] extras) {
    boolean ready = job.dueMillis() == 0 && job.priority() == Priority.NORMAL;
    long time = job.dueMillis() == 0 ? core.time.wallMillis() : job.dueMillis();
    writer.arrived(
        ready ? Frame.READY : Frame.DELAYED,
        job.priority(),
        job.payload(),
        extras,
        job.attempt(),
        job.submittedMillis(),
        time);
    long position = append(ready ? Way.READY : Way.DELAYED);
    if (!ready) {
      core.counters.entered.increment();
      core.admission.outside(writer.alignedLength());
      if (job.dueMillis() == 0) {
        core.delays.addReady(job.priority(), time, position);
      } else {
        core.delays.add(job.priority(), time, position);
      }
    }
  }

  private long append(Way way) {
    return core.admission.admit(writer, way, core.options.submitTimeout().toNanos());
  }

  private void bury(MovedJob job, byte[] extras) {
    writer.arrived(
        Frame.DEAD,
        job.priority(),
        job.reason(),
        job.payload(),
        extras,
        job.attempt(),
        job.submittedMillis(),
        job.diedMillis());
    long position = append(Way.DELAYED);
    core.counters.entered.increment();
    core.dead.add(position, position, writer.alignedLength());
    core.counters.died.increment();
    core.admission.left(1);
  }

  @Override
  public void sync() {
    queue.sync();
  }

  @Override
  public void close() {
    bobbin.close();
  }
}
