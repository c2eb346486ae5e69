package dev.bobbin.torture.oracle;

/** How a child's run ended, and with that what is promised of its jobs. */
public enum End {
  /** The queue was closed in order: every accepted job is there, every outcome is carried out. */
  CLOSED,

  /**
   * The process died: every accepted job is there; outcomes of the last moments may have come to
   * nothing.
   */
  PROCESS_DEATH,

  /**
   * The machine died: promised are jobs that a {@code sync()} covered, that a queue with {@code
   * Durability.SYNC} accepted, or that were accepted before the loss window of which the status
   * told; and jobs that an earlier run had left. Outcomes as for the death of the process.
   */
  MACHINE_DEATH
}
