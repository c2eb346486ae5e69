package dev.bobbin;

/** What a backend may be able to do; ask {@link Bobbin#capabilities()}. */
public enum Capability {
  /** A job whose submit returned survives the death of this process. */
  SURVIVES_PROCESS_DEATH,
  /**
   * A job whose submit returned survives the death of the machine after {@link JobQueue#sync} or a
   * flush.
   */
  SURVIVES_MACHINE_DEATH,
  /** Several processes can work on one queue. */
  SHARED_BETWEEN_PROCESSES
}
