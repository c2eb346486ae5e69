package dev.bobbin.testkit;

/** What a queue does to its disk; for {@link TestDisk}. */
public enum DiskOperation {
  /** Lists the files of a folder. */
  LIST,
  /** Opens a file that is there. */
  OPEN,
  /** Creates a file whole, and makes it durable. */
  CREATE,
  /** Reads a part of a file. */
  READ,
  /** Writes a part of a file. */
  WRITE,
  /** Makes what was written to a file durable. */
  FORCE,
  /** Deletes a file, durably. */
  DELETE
}
