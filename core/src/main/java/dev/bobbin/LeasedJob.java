package dev.bobbin;

import java.time.Duration;

/**
 * One job of a {@link Lease}. Thread-safe. The first outcome settles it at once, whatever becomes
 * of its neighbours; each method says whether its outcome was that one. An outcome that comes when
 * the lease has ended changes nothing, returns false and is counted: the job may be in other hands
 * by then.
 *
 * <p>An outcome is carried out whatever interrupts come, and leaves the thread's interrupt flag as
 * it is. Every outcome throws {@link BobbinException} if the queue has stopped after an error; the
 * job is then delivered again when the queue is opened the next time.
 */
public interface LeasedJob<T> extends DeliveredJob<T> {
  /** Done: the job is never delivered again. */
  boolean ack();

  /**
   * Failed: deliver it again after the delay that {@link QueueOptions#retry()} gives for this
   * attempt, or set it aside when its attempts are used up. May wait a moment for room in the ring.
   *
   * @param error what went wrong, for the dead letter and the status
   */
  boolean retry(String error);

  /**
   * As {@link #retry(String)}, after {@code delay} instead.
   *
   * @throws IllegalArgumentException if {@code delay} is not from 0 to 3,650 days
   */
  boolean retry(Duration delay, String error);

  /**
   * Not now: deliver it again after {@code delay}. Uses up no attempt.
   *
   * @throws IllegalArgumentException if {@code delay} is not from 0 to 3,650 days
   */
  boolean snooze(Duration delay);

  /** Never again: set it aside as a dead letter with {@code reason}. */
  boolean reject(String reason);
}
