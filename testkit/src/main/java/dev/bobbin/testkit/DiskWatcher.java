package dev.bobbin.testkit;

/** Sees what queues do to a {@link TestDisk}; see {@link TestDisk#watch}. */
@FunctionalInterface
public interface DiskWatcher {
  /**
   * An operation is about to begin. Called by the thread that does it, which nothing else can
   * overtake on this disk. It may copy the disk; it must not wait for a queue.
   *
   * @param file the queue's name, and a slash and the file's name unless the folder is listed
   */
  void before(DiskOperation operation, String file);
}
