package dev.bobbin.internal.local;

import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.local.DeadIndex.Entry;
import dev.bobbin.internal.local.DeadReader.Chunk;
import dev.bobbin.internal.move.Departure;
import dev.bobbin.internal.move.MovedJob;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.time.Time;
import dev.bobbin.internal.work.FrameLease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Jobs leave a queue in a directory: first whatever is ready or delayed, then the dead letters. So
 * that delayed jobs can be taken, the directory is opened by a clock on which they are all due.
 */
public final class LocalDeparture implements Departure {
  private static final int MOST_JOBS = 1_024;
  private static final Duration LEASE = Duration.ofDays(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LocalBobbin bobbin;
  private final LocalQueue<byte[]> queue;
  private final QueueCore core;
  private final DeadReader dead;

  // What next() showed.
  private @Nullable FrameLease lease;
  private List<byte[]> letters = List.of();

  private LocalDeparture(LocalBobbin bobbin, LocalQueue<byte[]> queue) {
    this.bobbin = bobbin;
    this.queue = queue;
    this.core = queue.core;
    this.dead = bobbin.deadReader(core);
  }

  /**
   * Opens the queue {@code name} in {@code directory}, which nobody else may hold.
   *
   * @throws BobbinException if there is no such queue
   */
  public static LocalDeparture of(Path directory, String name) {
    LocalBobbin bobbin = LocalBobbin.openExisting(directory, new AllDue());
    try {
      StoredQueue stored =
          bobbin
              .storedQueue(name)
              .orElseThrow(
                  () ->
                      new BobbinException(
                          directory
                              + " has no queue '"
                              + name
                              + "'; there are: "
                              + String.join(", ", bobbin.queueNames())));
      return new LocalDeparture(
          bobbin, (LocalQueue<byte[]>) bobbin.queue(name, Codec.bytes(), stored.options()));
    } catch (RuntimeException e) {
      bobbin.close();
      throw e;
    }
  }

  /** The machine's clocks, but that every delay is over. */
  private record AllDue() implements Time {
    private static final long AHEAD_MILLIS = Duration.ofDays(2 * 3650).toMillis();

    @Override
    public long wallMillis() {
      return Time.system().wallMillis() + AHEAD_MILLIS;
    }

    @Override
    public long nanos() {
      return Time.system().nanos();
    }
  }

  /** The largest payload that there can be. */
  public int maxPayloadBytes() {
    return core.options.maxPayloadBytes();
  }

  @Override
  public long size() {
    return queue.status().unfinished() + core.dead.index.size();
  }

  @Override
  public List<MovedJob> next() {
    FrameLease taken = queue.takeFrames(MOST_JOBS, LEASE);
    while (taken == null && !core.isIdle()) {
      // They are on their way from the journal.
      LockSupport.parkNanos(this, LOOK_NANOS);
      taken = queue.takeFrames(MOST_JOBS, LEASE);
    }
    lease = taken;
    return taken == null ? nextLetters() : jobs(taken);
  }

  private List<MovedJob> jobs(FrameLease taken) {
    List<MovedJob> jobs = new ArrayList<>(taken.size());
    for (int i = 0; i < taken.size(); i++) {
      jobs.add(job(taken.bytes(), taken.offset(i)));
    }
    return jobs;
  }

  private List<MovedJob> nextLetters() {
    Chunk chunk = dead.read(0, Long.MAX_VALUE, MOST_JOBS);
    letters = chunk.frames();
    return letters.stream().map(frame -> job(frame, 0)).toList();
  }

  private MovedJob job(byte[] bytes, int frame) {
    byte kind = Frame.kind(bytes, frame);
    int payload = Frame.payloadOffset(bytes, frame);
    return new MovedJob(
        Frame.jobId(bytes, frame, core.id),
        Frame.attempt(bytes, frame),
        Frame.priority(bytes, frame),
        Frame.submittedSeconds(bytes, frame) * 1000,
        Extras.expiryMillis(bytes, frame),
        kind == Frame.DELAYED ? Frame.time(bytes, frame) : 0,
        Extras.key(bytes, frame),
        Extras.headers(bytes, frame),
        Arrays.copyOfRange(bytes, payload, payload + Frame.payloadLength(bytes, frame)),
        kind == Frame.DEAD ? Frame.time(bytes, frame) : 0,
        reason(bytes, frame));
  }

  private static String reason(byte[] bytes, int frame) {
    int note = Frame.noteBytes(bytes, frame);
    int from = frame + Frame.HEADER_BYTES + 2;
    return note == 0 ? "" : new String(bytes, from, note - 2, StandardCharsets.UTF_8);
  }

  @Override
  public void gone() {
    FrameLease taken = lease;
    if (taken != null) {
      taken.ackAll();
      lease = null;
    }
    for (byte[] letter : letters) {
      Entry entry = core.dead.claim(Frame.position(letter, 0));
      if (entry != null) {
        core.dead.finish(entry);
      }
    }
    if (!letters.isEmpty()) {
      letters = List.of();
      core.reported();
    }
  }

  @Override
  public void close() {
    bobbin.close();
  }
}
