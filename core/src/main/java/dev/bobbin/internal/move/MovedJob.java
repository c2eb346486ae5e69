package dev.bobbin.internal.move;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An unfinished job or a dead letter, as it leaves one backend and arrives at another.
 *
 * @param attempt number of the delivery that comes next; of a dead letter: of those that failed
 * @param expiryMillis when it is no longer worth starting, {@link Long#MAX_VALUE} for never
 * @param dueMillis when it is due, 0 if it is ready
 * @param key its deduplication key, or null
 * @param diedMillis when it was set aside, 0 if it is alive
 * @param reason why it was, empty if it is alive
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
public record MovedJob(
    JobId id,
    int attempt,
    Priority priority,
    long submittedMillis,
    long expiryMillis,
    long dueMillis,
    @Nullable String key,
    Map<String, String> headers,
    byte[] payload,
    long diedMillis,
    String reason) {
  /** Whether it is a dead letter. */
  public boolean isDead() {
    return diedMillis != 0;
  }
}
