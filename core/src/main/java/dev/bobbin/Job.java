package dev.bobbin;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One delivery of a job. Give it at most one outcome; a second one throws {@link
 * IllegalStateException}. Without one it is acked or retried with its batch.
 */
public interface Job<T> {
  /** Stable over attempts and restarts: the key to make a handler idempotent with. */
  JobId id();

  /** 1 on first delivery; counts failures, not snoozes or crashes. */
  int attempt();

  /** When it was first submitted, to about a second. */
  Instant submittedAt();

  /** Which jobs go first. */
  Priority priority();

  /**
   * The headers that it was submitted with, in their order; empty if there are none. Decoded at
   * each call; not to be changed.
   */
  Map<String, String> headers();

  /** What was submitted. */
  T payload();

  /** Done: the job is never delivered again. */
  void ack();

  /**
   * Failed: deliver it again after the delay that {@link QueueOptions#retry()} gives for this
   * attempt, or set it aside when its attempts are used up.
   *
   * @param error what went wrong, for the dead letter and the status
   */
  void retry(String error);

  /** As {@link #retry(String)}, after {@code delay} instead. */
  void retry(Duration delay, String error);

  /** Not now: deliver it again after {@code delay}. Uses up no attempt. */
  void snooze(Duration delay);

  /** Never again: set it aside as a dead letter with {@code reason}. */
  void reject(String reason);
}
