package dev.bobbin.torture.loop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands of the system, and says what they said when they fail. */
public final class Tool {
  private static final long PATIENCE_SECONDS = 120;

  private Tool() {}

  /**
   * Runs a command to its end and returns what it wrote.
   *
   * @throws IOException if it is not there, fails or does not end
   */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            String.join(" ", command) + " has not ended within " + PATIENCE_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + " ended with " + process.exitValue() + ": " + output);
      }
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whether a command of this name is on the path. */
  public static boolean isThere(String name) {
    String path = System.getenv("PATH");
    return path != null
        && List.of((path + ":/usr/sbin:/sbin").split(":", -1)).stream()
            .anyMatch(
                folder -> java.nio.file.Files.isExecutable(java.nio.file.Path.of(folder, name)));
  }
}
