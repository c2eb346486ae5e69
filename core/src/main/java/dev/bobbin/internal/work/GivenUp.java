package dev.bobbin.internal.work;

/** Why jobs in hand were neither settled nor set aside. Uses up no attempt. */
public enum GivenUp {
  /** Their lease had ended: they go to others. */
  LEASE_LOST,

  /** Their holder gave them back, or met an error that is not the handler's: they go to others. */
  HANDED_BACK,

  /** The queue closes: they stay as they are, for whoever opens it the next time. */
  INTERRUPTED;

  /** Whether others get the jobs, while the queue is open. */
  boolean goOn() {
    return this != INTERRUPTED;
  }
}
