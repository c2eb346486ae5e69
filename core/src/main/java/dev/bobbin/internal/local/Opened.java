package dev.bobbin.internal.local;

import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.recovery.FrameBodies;
import dev.bobbin.internal.recovery.Recovery;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What there is before a queue is put together: its files, and what recovery found in them.
 *
 * @param id in the ids of its jobs
 * @param seed in every checksum, so that another queue's bytes are not taken for this one's
 * @param journal null for a queue in memory
 * @param start the first position that is not used
 * @param backlogJobs ready jobs in the journal
 * @param found the jobs that are not ready
 */
record Opened(
    long id,
    long seed,
    RingFile.Parts parts,
    @Nullable Journal journal,
    long start,
    long backlogJobs,
    Found found,
    RecoveryReport report) {
  private static final int EMPTY_RING_BYTES = 256 << 10;

  static Opened inMemory(QueueOptions options) {
    RecoveryReport nothing = new RecoveryReport(true, true, 0, 0, 0, 0, 0, 0, Duration.ZERO);
    return inMemory(options, options.ringBytes(), nothing);
  }

  /** A queue whose jobs are kept elsewhere: its ring stays empty. */
  static Opened elsewhere(QueueOptions options, RecoveryReport found) {
    return inMemory(options, EMPTY_RING_BYTES, found);
  }

  private static Opened inMemory(QueueOptions options, int ringBytes, RecoveryReport report) {
    long id = new SecureRandom().nextLong();
    return new Opened(
        id,
        id,
        RingFile.Parts.inMemory(ringBytes),
        null,
        ringBytes,
        0,
        new Found(options.deduplication(), 0),
        report);
  }

  /** Opens or creates the files in {@code storage}, and recovers what is in them. */
  static Opened from(
      Storage storage, QueueOptions options, long nowMillis, IntFunction<ByteBuffer> buffers)
      throws IOException {
    boolean empty = storage.list().isEmpty();
    try {
      return recovered(storage, options, nowMillis, buffers);
    } catch (IOException | RuntimeException e) {
      if (empty) {
        // Nobody was told of a queue, so there is none, and none with sizes that cannot be changed.
        QueueFiles.undo(storage, e);
      }
      throw e;
    }
  }

  private static Opened recovered(
      Storage storage, QueueOptions options, long nowMillis, IntFunction<ByteBuffer> buffers)
      throws IOException {
    long began = System.nanoTime();
    QueueFiles files = QueueFiles.open(storage, options);
    long seed = files.seed();
    JournalReader reader =
        new JournalReader(
            storage,
            seed,
            options.segmentBytes(),
            frameBytes(options),
            new FrameBodies(seed),
            buffers);
    Found found = new Found(options.deduplication(), nowMillis);
    Recovery.Recovered recovered =
        Recovery.run(
            reader,
            files.parts(),
            seed,
            !files.newRing(),
            options.retry().maxCrashes(),
            nowMillis,
            found);
    return new Opened(
        files.id(),
        seed,
        files.parts(),
        recovered.journal(),
        recovered.start(),
        recovered.ready(),
        found,
        report(files, recovered, Duration.ofNanos(System.nanoTime() - began)));
  }

  private static RecoveryReport report(
      QueueFiles files, Recovery.Recovered recovered, Duration took) {
    return new RecoveryReport(
        files.created(),
        files.created() || (recovered.closed() && recovered.fromRing() == 0),
        recovered.ready(),
        recovered.delayed(),
        recovered.dead(),
        recovered.suspects(),
        recovered.fromRing(),
        recovered.tornBytes(),
        took);
  }

  /** The largest frame that a job can have. */
  static int frameBytes(QueueOptions options) {
    return Frame.aligned(Frame.HEADER_BYTES + options.maxPayloadBytes() + Frame.MAX_NOTE_BYTES);
  }
}
