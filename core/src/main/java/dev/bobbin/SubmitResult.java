package dev.bobbin;

/** What became of a {@link JobQueue#trySubmit}. */
public sealed interface SubmitResult {
  /** The job is in the queue. */
  record Accepted(JobId id) implements SubmitResult {}

  /** The job is not in the queue. */
  record Refused(Refusal refusal, String detail) implements SubmitResult {}

  /**
   * The job is not in the queue, because one with the same key ({@link JobOptions#key}) is or was:
   * {@code original}.
   */
  record Duplicate(JobId original) implements SubmitResult {}

  /** Whether this very job is in the queue. */
  default boolean accepted() {
    return this instanceof Accepted;
  }
}
