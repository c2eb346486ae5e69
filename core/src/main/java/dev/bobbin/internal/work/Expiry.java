package dev.bobbin.internal.work;

import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Jobs whose time to live is over. Looked at when a job is about to be handed out, and when it is
 * to be put off; a job without extras costs a look at its flags.
 */
final class Expiry {
  private final LongSupplier nowMillis;

  Expiry(LongSupplier nowMillis) {
    this.nowMillis = nowMillis;
  }

  /** The end of a job that comes too late to be started, or null if it is in time. */
  @Nullable Unacked check(byte[] bytes, int frame) {
    if (!Frame.hasExtras(bytes, frame)) {
      return null;
    }
    long late = late(Extras.expiryMillis(bytes, frame));
    return late < 0 ? null : expired(bytes, frame, late);
  }

  /** For how long a job has been expired in milliseconds; negative if it is not. */
  long late(long expiryMillis) {
    return expiryMillis == Long.MAX_VALUE ? -1 : nowMillis.getAsLong() - expiryMillis;
  }

  /** The end of a job that came {@code lateMillis} too late. */
  static Unacked expired(byte[] bytes, int frame, long lateMillis) {
    String text = ended(bytes, frame) + ", " + lateMillis + " ms before it could be started";
    return new Unacked(bytes, frame, Unacked.Kind.EXPIRE, 0, text);
  }

  /**
   * Why a job is not put off to {@code dueMillis}, or null if it still is worth starting then. Said
   * at once, not at the due time: until then the job would only take up room, and what went wrong
   * last would be forgotten.
   */
  static @Nullable String beforeNext(Unacked job, long dueMillis) {
    if (dueMillis < Extras.expiryMillis(job.bytes(), job.offset())) {
      return null;
    }
    String text =
        ended(job.bytes(), job.offset()) + ", before it was due again at " + instant(dueMillis);
    return job.text().isEmpty() ? text : text + "; last error: " + job.text();
  }

  private static String ended(byte[] bytes, int frame) {
    return "expired: its time to live ended at " + instant(Extras.expiryMillis(bytes, frame));
  }

  private static Instant instant(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
