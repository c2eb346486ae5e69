package dev.bobbin;

import org.jspecify.annotations.Nullable;

/** A job was not accepted. */
public final class RefusedException extends BobbinException {
  private static final long serialVersionUID = 1;

  /** Why. */
  private final Refusal refusal;

  /** How many jobs of a {@code submitAll} were accepted before. */
  private final long accepted;

  /** The message without the reason in front. */
  private final String detail;

  public RefusedException(
      Refusal refusal, String message, @Nullable Throwable cause, long accepted) {
    super(refusal + ": " + message, cause);
    this.refusal = refusal;
    this.detail = message;
    this.accepted = accepted;
  }

  /** Why the job was not accepted. */
  public Refusal refusal() {
    return refusal;
  }

  /** What was refused and why, in words. */
  public String detail() {
    return detail;
  }

  /**
   * How many jobs of this {@link JobQueue#submitAll} were accepted before the refused one; 0 for a
   * single submit.
   */
  public long accepted() {
    return accepted;
  }
}
