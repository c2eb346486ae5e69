package dev.bobbin.torture.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the oracle's logs are: on another file system than the data, so that what befalls one does
 * not befall the other.
 */
final class LogFolder {
  private static final Path MEMORY = Path.of("/dev/shm");

  private LogFolder() {}

  /** A new folder for the logs of {@code data}, which exists. */
  static Path create(Path data) throws IOException {
    if (Files.isWritable(MEMORY) && !Files.getFileStore(MEMORY).equals(Files.getFileStore(data))) {
      return Files.createTempDirectory(MEMORY, "bobbin-torture-");
    }
    Path folder = Files.createTempDirectory("bobbin-torture-");
    if (Files.getFileStore(folder).equals(Files.getFileStore(data))) {
      System.out.println("  note: no second file system here; logs are beside the data");
    }
    return folder;
  }
}
