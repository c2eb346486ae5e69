package dev.bobbin.cli.output;

import java.io.IOException;

/** Whether somebody watches. */
public final class Terminals {
  private Terminals() {}

  /** Whether standard error is a terminal. Java itself can tell about a console only. */
  public static boolean isStandardErrorOne() {
    try {
      return new ProcessBuilder("sh", "-c", "test -t 2")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
