package dev.bobbin.torture.child;

/** A child did not do what it had to. The message has what it wrote to standard error. */
public final class ChildException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ChildException(String message) {
    super(message);
  }
}
