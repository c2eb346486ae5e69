package dev.bobbin;

import org.jspecify.annotations.Nullable;

/**
 * Bad bytes where good ones were promised; the message names the file and the offset. Nothing was
 * changed.
 */
public final class CorruptionException extends BobbinException {
  private static final long serialVersionUID = 1;

  public CorruptionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
