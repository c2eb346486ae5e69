package dev.bobbin;

import java.time.Duration;

/**
 * One delivery of a job. Give it at most one outcome; a second one throws {@link
 * IllegalStateException}, and so does one that comes when the batch's lease has ended ({@link
 * WorkOptions#lease()}). Without one it is acked or retried with its batch.
 */
public interface Job<T> extends DeliveredJob<T> {
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
