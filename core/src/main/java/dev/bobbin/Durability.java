package dev.bobbin;

/**
 * What a returned {@code submit} promises against the death of the machine; the death of the
 * process is survived always.
 */
public enum Durability {
  /**
   * The job is on disk at most {@link QueueOptions#flushInterval()} later, or after {@link
   * JobQueue#sync()}.
   */
  PERIODIC,
  /** The job is on disk when {@code submit} returns. Concurrent callers share one force. */
  SYNC
}
