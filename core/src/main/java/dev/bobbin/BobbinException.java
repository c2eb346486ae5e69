package dev.bobbin;

import org.jspecify.annotations.Nullable;

/**
 * Something that Bobbin could not do; the message says what was expected, what was found, where,
 * and what to do.
 */
public class BobbinException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BobbinException(String message) {
    super(message);
  }

  public BobbinException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
