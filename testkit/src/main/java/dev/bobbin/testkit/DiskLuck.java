package dev.bobbin.testkit;

/**
 * Decides what the death of the machine leaves of what was written and not forced; for {@link
 * TestDisk#machineDeath(DiskLuck)}.
 */
@FunctionalInterface
public interface DiskLuck {
  /**
   * Whether a piece of 512 bytes that was written reached the disk, though nobody had waited for
   * it. Pieces are asked for in the order of their files' names and their offsets.
   *
   * @param file the queue's name, a slash and the file's name
   * @param offset where in the file the piece begins, a multiple of 512
   */
  boolean survives(String file, long offset);
}
