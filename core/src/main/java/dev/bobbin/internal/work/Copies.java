package dev.bobbin.internal.work;

/**
 * Where the copies go of jobs that come back later or are set aside. Invariant 3 is kept by each
 * implementation: copy before ack. A job is reported as finished when its copy is safe, and stays
 * as it is if there is none. One thread at a time.
 */
interface Copies {
  /** What follows belongs together: it may wait for room, once for all of it, or not at all. */
  void begin(boolean patiently);

  /**
   * Has the job come back at {@code dueMillis} as delivery number {@code attempt}.
   *
   * @param waits whether to wait for room
   * @return whether the job is no longer in these hands
   */
  boolean putOff(Unacked job, int attempt, long dueMillis, boolean snooze, boolean waits);

  /** Sets the job aside after {@code attempts}; as {@link #putOff}. */
  boolean setAside(Unacked job, int attempts, String reason, boolean waits);
}
