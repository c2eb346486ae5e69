package dev.bobbin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a single job may carry besides its payload: {@code
 * JobOptions.delay(ofMinutes(1)).header("traceparent", trace)}. A value.
 *
 * @param delay how long the job waits before it becomes ready, 0 to 3,650 days
 * @param priority which jobs go first. One that is not {@link Priority#NORMAL} counts as due when
 *     it was submitted, by the wall clock: after a step back it may wait until the clock says so
 *     again
 * @param headers small pairs of text that the handler can read, at most 32 pairs and 4,096 bytes of
 *     UTF-8 in all; keys are not empty
 * @param key keeps a second job with the same key out, as {@link Deduplication} says; at most 255
 *     bytes of UTF-8, not empty; null for none
 * @param timeToLive how long after its submit the job is worth starting, 1 ms to 3,650 days; one
 *     that is too late becomes a dead letter; null for ever
 */
public record JobOptions(
    Duration delay,
    Priority priority,
    Map<String, String> headers,
    @Nullable String key,
    @Nullable Duration timeToLive) {
  /** Ready at once, normal priority, nothing else. */
  public static final JobOptions NONE =
      new JobOptions(Duration.ZERO, Priority.NORMAL, Map.of(), null, null);

  private static final int MAX_HEADERS = 32;
  private static final int MAX_HEADER_BYTES = 4096;
  private static final int MAX_KEY_BYTES = 255;

  public JobOptions {
    Check.range("JobOptions.delay", delay, Duration.ZERO, RetryPolicy.LONGEST);
    Objects.requireNonNull(priority, "JobOptions.priority");
    headers =
        headers.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    Check.range("JobOptions.headers", headers.size(), 0, MAX_HEADERS);
    long bytes = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      long keyBytes = utf8("JobOptions.headers: a key", header.getKey());
      Check.range("JobOptions.headers: bytes of a key", keyBytes, 1, MAX_HEADER_BYTES);
      bytes += keyBytes + utf8("JobOptions.headers: a value", header.getValue());
    }
    Check.range("JobOptions.headers: bytes in all", bytes, 0, MAX_HEADER_BYTES);
    if (key != null) {
      Check.range("JobOptions.key: bytes", utf8("JobOptions.key", key), 1, MAX_KEY_BYTES);
    }
    if (timeToLive != null) {
      Check.range("JobOptions.timeToLive", timeToLive, Duration.ofMillis(1), RetryPolicy.LONGEST);
    }
  }

  /** Bytes of {@code text} in UTF-8, which cannot carry every text. */
  private static long utf8(String option, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          option + " must not have a lone surrogate, which UTF-8 cannot carry, found: " + text);
    }
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A job that becomes ready after {@code delay}. */
  public static JobOptions delay(Duration delay) {
    return NONE.delayed(delay);
  }

  /** A job of another priority. */
  public static JobOptions priority(Priority priority) {
    return NONE.prioritized(priority);
  }

  /** A job with a deduplication key. */
  public static JobOptions key(String key) {
    return NONE.keyed(key);
  }

  /** These options with another delay. */
  public JobOptions delayed(Duration newDelay) {
    return new JobOptions(newDelay, priority, headers, key, timeToLive);
  }

  /** These options with another priority. */
  public JobOptions prioritized(Priority newPriority) {
    return new JobOptions(delay, newPriority, headers, key, timeToLive);
  }

  /** These options with one more header; a header of the same key is replaced. */
  public JobOptions header(String headerKey, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(headerKey, value);
    return new JobOptions(delay, priority, more, key, timeToLive);
  }

  /** These options with a deduplication key. */
  public JobOptions keyed(String newKey) {
    return new JobOptions(delay, priority, headers, newKey, timeToLive);
  }

  /** These options with a time to live. */
  public JobOptions expiringAfter(Duration newTimeToLive) {
    return new JobOptions(delay, priority, headers, key, newTimeToLive);
  }
}
