package dev.bobbin;

/** Why a job was not accepted. */
public enum Refusal {
  /** {@link Limits#jobs()} jobs are unfinished. */
  JOB_LIMIT,
  /** The ring is full, or {@link Limits#bytes()} bytes are unfinished: the workers are behind. */
  BYTE_LIMIT,
  /** The disk has no room for another journal segment. Work in hand goes on. */
  DISK_FULL,
  /** The disk has not answered for so long that more jobs would exceed the stated bound. */
  DISK_SLOW,
  /**
   * The payload, with its headers, key and time to live, is longer than {@link
   * QueueOptions#maxPayloadBytes()}.
   */
  JOB_TOO_LARGE,
  /** The queue is being emptied and takes no new jobs. */
  DRAINING,
  /** The queue is closed. */
  CLOSED,
  /** The queue stopped after an I/O error, given as the cause. Reopening recovers and verifies. */
  FAILED
}
