package dev.bobbin;

/** What became of a {@link JobQueue#trySubmit}. */
public sealed interface SubmitResult {
  /** The job is in the queue. */
  record Accepted(JobId id) implements SubmitResult {}

  /** The job is not in the queue. */
  record Refused(Refusal refusal, String detail) implements SubmitResult {}

  /** Whether the job is in the queue. */
  default boolean accepted() {
    return this instanceof Accepted;
  }
}
