package dev.bobbin.benchmarks.peer;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program in {@code benchmarks/go}, built into {@code benchmarks/target} when it is needed. */
final class GoProgram {
  private GoProgram() {}

  static String build() throws IOException {
    Path target = target();
    Path program = target.resolve("bobbin-bench-go");
    // The compiler itself knows whether anything has changed.
    ProcessBuilder builder =
        new ProcessBuilder("go", "build", "-o", program.toString(), ".")
            .directory(target.resolveSibling("go").toFile())
            .redirectErrorStream(true);
    builder.environment().put("GOTOOLCHAIN", "local");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("go build ended with " + status + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while go builds", e);
    }
    return program.toString();
  }

  /** Where this class was built: in a folder or a jar. */
  private static Path target() throws IOException {
    try {
      return Path.of(GoProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling("");
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
