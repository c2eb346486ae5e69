package dev.bobbin.testkit;

/**
 * Decides what the death of the machine leaves of what was written and not forced; for {@link
 * TestDisk#machineDeath(DiskLuck)}.
 */
@FunctionalInterface
public interface DiskLuck {
  /**
   * Whether a piece of 512 bytes that was written reached the disk, though nobody had waited for
   * it. Asked for offset 0 also of a file whose name was not made durable: does it stay? Pieces are
   * asked for in the order of their files' names and their offsets.
   *
   * @param file the queue's name, a slash and the file's name
   * @param offset where in the file the piece begins, a multiple of 512
   */
  boolean survives(String file, long offset);

  /**
   * Which content of such a piece reached the disk, if it was written more than once since the last
   * force. A mapped piece counts as written when the disk is copied, and when it dies. By default
   * the newest, if {@link #survives}.
   *
   * @param versions how many are to be had
   * @return 0 for what was forced, 1 to {@code versions} for what was written since, oldest first
   */
  default int version(String file, long offset, int versions) {
    return survives(file, offset) ? versions : 0;
  }

  /**
   * How long a file is that was created without ever being forced. By default as long as it was.
   *
   * @return 0 to {@code bytes}
   */
  default long length(String file, long bytes) {
    return bytes;
  }
}
