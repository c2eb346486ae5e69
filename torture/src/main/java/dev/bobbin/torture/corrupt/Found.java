package dev.bobbin.torture.corrupt;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What opening a directory gave: every job in it, or why it did not open. */
final class Found {
  /** Nothing is that slow: whoever waits as long waits for something that does not come. */
  private static final Duration HANG = Duration.ofMinutes(2);

  private static final Duration LATER = Duration.ofHours(2);

  final Set<String> jobs = new HashSet<>();
  long reported;

  /** Set if the queue did not open. */
  @Nullable BobbinException refused;

  /** Set if the queue opened and stopped later. */
  @Nullable BobbinException stopped;

  /** Set if something is there that must not be. */
  @Nullable String wrong;

  private Found() {}

  /** Opens, takes everything that is in there and closes; the clock is two hours on. */
  static Found in(Path directory) {
    Found found = new Found();
    Bobbin bobbin = null;
    try {
      bobbin = LocalBobbin.open(directory, new Ahead());
      JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), Base.OPTIONS);
      found.take(queue);
    } catch (BobbinException e) {
      found.refused = e;
    } finally {
      found.close(bobbin);
    }
    return found;
  }

  private void close(@Nullable Bobbin bobbin) {
    try {
      if (bobbin != null) {
        bobbin.close();
      }
    } catch (BobbinException e) {
      if (stopped == null) {
        stopped = e;
      }
    }
  }

  private void take(JobQueue<byte[]> queue) {
    try {
      reported = queue.recovery().unfinished() + queue.recovery().dead();
      for (long left = queue.recovery().unfinished(); left > 0; ) {
        try (Lease<byte[]> lease = queue.take(4096, HANG)) {
          if (lease.isEmpty()) {
            wrong = left + " of " + reported + " jobs were not delivered within " + HANG;
            return;
          }
          for (LeasedJob<byte[]> job : lease) {
            add(job.payload());
          }
          lease.ackAll();
          left -= lease.size();
        }
      }
      for (DeadLetter letter : queue.deadLetters().list(100_000)) {
        add(letter.payload());
      }
    } catch (BobbinException e) {
      stopped = e;
    }
  }

  private void add(byte[] payload) {
    String job = Payload.name(payload);
    if (job == null) {
      wrong = "bytes that were not submitted: " + payload.length + " of them";
    } else if (!jobs.add(job)) {
      wrong = job + " twice";
    }
  }

  /** The machine's clocks, the wall clock some time on: delayed jobs are due. */
  private static final class Ahead implements Time {
    @Override
    public long wallMillis() {
      return Time.system().wallMillis() + LATER.toMillis();
    }

    @Override
    public long nanos() {
      return Time.system().nanos();
    }
  }
}
