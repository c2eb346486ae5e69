package dev.bobbin.torture.corrupt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories that last for one trial. */
public final class Scratch {
  private static final Path MEMORY = Path.of("/dev/shm");

  private Scratch() {}

  /** A new directory in memory, where there is such a place: none of this is about the disk. */
  public static Path memory(String prefix) throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, prefix)
        : Files.createTempDirectory(prefix);
  }

  /** Writes a file that goes on with zeros up to {@code size}. */
  public static void write(Path file, byte[] bytes, long size) throws IOException {
    Image.write(file, bytes, size);
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path directory) throws IOException {
    Image.delete(directory);
  }
}
