package dev.bobbin.torture.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes up the room of a disk, so that others have as much as they are to have. */
public final class Ballast {
  private static final int MOST_FILES = 1_000_000;

  private final Path folder;
  private int files;

  /** {@code folder} is made when it is needed, which must be before the disk is full. */
  public Ballast(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Leaves about so many bytes free; 0 leaves none at all. */
  public void leaveBytes(LoopDisk disk, long bytes) throws IOException {
    byte[] block = new byte[1 << 16];
    try (FileChannel file =
        FileChannel.open(
            folder.resolve("bytes"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      int size = block.length;
      while (size >= 512) {
        // What others wrote and the file system has not yet placed does not count as free.
        if (bytes > 0 && disk.freeBytes() - size < bytes) {
          size /= 2;
          continue;
        }
        try {
          file.write(ByteBuffer.wrap(block, 0, size));
        } catch (IOException e) {
          requireFull(e);
          size /= 2;
        }
      }
      file.force(true);
    }
  }

  /** Leaves room for so many files, where the file system has a bound for these. */
  public void leaveFiles(int left) throws IOException {
    while (files < MOST_FILES) {
      try {
        Files.createFile(folder.resolve(Integer.toString(files)));
        files++;
      } catch (FileSystemException e) {
        requireFull(e);
        break;
      }
    }
    for (int i = 0; i < left && files > 0; i++) {
      Files.delete(folder.resolve(Integer.toString(--files)));
    }
  }

  private static void requireFull(IOException e) throws IOException {
    if (!String.valueOf(e.getMessage()).contains("No space left")) {
      throw e;
    }
  }

  /** Gives all of it back. */
  public void drop() throws IOException {
    Files.deleteIfExists(folder.resolve("bytes"));
    while (files > 0) {
      // The machine's death may have taken it.
      Files.deleteIfExists(folder.resolve(Integer.toString(--files)));
    }
  }
}
