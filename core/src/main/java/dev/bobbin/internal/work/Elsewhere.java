package dev.bobbin.internal.work;

/**
 * Keeps the jobs that a queue hands out, where that is not the queue's own ring and journal: a
 * broker. It {@linkplain Desk#offer offers} jobs to the workers as frames with positions of its own
 * making, which never repeat, and learns here what has become of them. Thread-safe; nothing here
 * waits for the other side.
 *
 * <p>Each job that was offered ends in exactly one of {@link #finished}, {@link #putOff} and {@link
 * #setAside}, or stays with the queue until that is closed.
 */
public interface Elsewhere {
  /** Every job between the two positions was acked. */
  void finished(long from, long to);

  /**
   * The job at {@code position} is to come back at {@code dueMillis} as delivery number {@code
   * attempt}. Copy before ack (invariant 3): it is finished when the copy is safe, and delivered
   * again as it was if that fails.
   *
   * @return false if nothing was done: the job stays as it is. True also of one that is no longer
   *     this queue's, for others have it then
   */
  boolean putOff(long position, int attempt, long dueMillis);

  /**
   * The job at {@code position} is dead after {@code attempts}. As {@link #putOff}, copy before
   * ack.
   */
  boolean setAside(long position, int attempts, String reason, long nowMillis);

  // How it stands, for the status. Cheap: asked for ten times a second.

  /**
   * Jobs that are not finished, wherever they are and whoever has them; not less than the truth.
   */
  long unfinished();

  /** Those of them that wait for their time. */
  long delayed();

  /** Dead letters. */
  long dead();

  /** Bytes that the unfinished jobs take up, about. */
  long bytes();

  /** Bytes accepted that the other side has not confirmed. */
  long unconfirmedBytes();

  /** Since when the oldest of them has been waiting, as {@link System#nanoTime}. */
  long unconfirmedSince();

  /** Since when a job has been ready, at most, in milliseconds since 1970. */
  long oldestReadyMillis();

  /** The queue has closed: its workers have stopped, and nobody settles anything any more. */
  void close();
}
