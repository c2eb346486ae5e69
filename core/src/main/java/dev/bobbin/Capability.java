package dev.bobbin;

/** What a backend may be able to do; ask {@link Bobbin#capabilities()}. */
public enum Capability {
  /** What is unfinished when it is closed is there again when it is opened the next time. */
  KEEPS_JOBS,
  /** A job whose submit returned survives the death of this process, at once. */
  SURVIVES_PROCESS_DEATH,
  /**
   * A job whose submit returned survives the death of the machine after {@link JobQueue#sync} or a
   * flush.
   */
  SURVIVES_MACHINE_DEATH,
  /** Several processes can work on one queue. */
  SHARED_BETWEEN_PROCESSES,
  /** Jobs of a higher {@link Priority} go first. */
  PRIORITIES,
  /** Keys of unfinished jobs ({@link JobOptions#key}) are known after a restart. */
  KEEPS_KEYS,
  /** A {@linkplain Lease#token fencing token} is larger than all before it, whoever had them. */
  FENCING_TOKENS
}
