package dev.bobbin.internal.ring;

/** A window held still, for tests outside this package. */
public final class Held {
  private Held() {}

  /** Runs {@code section} while nobody else can move a boundary of {@code window}. */
  public static void during(Window window, Runnable section) {
    window.locked(
        () -> {
          section.run();
          return true;
        });
  }
}
