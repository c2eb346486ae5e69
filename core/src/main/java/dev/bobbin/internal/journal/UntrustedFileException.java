package dev.bobbin.internal.journal;

import dev.bobbin.BobbinException;
import dev.bobbin.Damage;
import java.nio.file.Path;

/** A file or folder that {@link FileGuard} does not let anybody open. Nothing was changed. */
public final class UntrustedFileException extends BobbinException {
  private static final long serialVersionUID = 1;

  private final transient Damage finding;

  UntrustedFileException(Path path, String expected, String found, String advice) {
    super(
        path + ": expected " + expected + ", found " + found + ". Nothing was changed. " + advice);
    this.finding = new Damage(path, 0, expected, found);
  }

  /** The same, for a report. */
  public Damage finding() {
    return finding;
  }
}
