package dev.bobbin;

/** Another owner holds the directory. */
public final class DirectoryInUseException extends BobbinException {
  private static final long serialVersionUID = 1;

  public DirectoryInUseException(String message) {
    super(message);
  }
}
