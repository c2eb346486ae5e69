package dev.bobbin;

import java.util.OptionalLong;

/** Another owner holds the directory. */
public final class DirectoryInUseException extends BobbinException {
  private static final long serialVersionUID = 1;

  private static final long UNKNOWN = -1;

  /** The process that holds it. */
  private final long holder;

  public DirectoryInUseException(String message) {
    this(message, UNKNOWN);
  }

  public DirectoryInUseException(String message, long holder) {
    super(message);
    this.holder = holder;
  }

  /**
   * The id of the process that holds the directory, as it knew it itself: in a container it may be
   * another here. Empty if it has not said yet.
   */
  public OptionalLong holder() {
    return holder == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(holder);
  }
}
