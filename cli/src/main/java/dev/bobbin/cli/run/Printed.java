package dev.bobbin.cli.run;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one command prints on one of its outputs, kept in a file until the command ends. A file and
 * not a pipe: nobody has to read along, there is no bound to overrun, and a process that the
 * command leaves behind holds nobody up. The file loses its name once the command has it open, so
 * that nothing stays behind if we die. For one thread.
 */
final class Printed implements AutoCloseable {
  private final Path file;
  private final InputStream content;

  Printed() throws IOException {
    file = Files.createTempFile("bobbin-", ".out");
    content = new FileInputStream(file.toFile());
  }

  /**
   * Where the command is to write. Appending, so that two writers of one output do not overwrite
   * each other.
   */
  ProcessBuilder.Redirect target() {
    return ProcessBuilder.Redirect.appendTo(file.toFile());
  }

  File file() {
    return file.toFile();
  }

  void unlink() throws IOException {
    Files.deleteIfExists(file);
  }

  /** What was printed so far. */
  InputStream content() {
    return content;
  }

  @Override
  public void close() throws IOException {
    content.close();
    unlink();
  }
}
