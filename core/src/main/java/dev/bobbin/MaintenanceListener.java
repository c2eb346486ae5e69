package dev.bobbin;

/** Is told how far {@link Maintenance} is, often, on a thread of its own. */
public interface MaintenanceListener {
  /**
   * Takes the news.
   *
   * @param queue the queue that is being read
   * @param doneBytes bytes of its journal that have been read
   * @param allBytes bytes that there are to read
   */
  void progress(String queue, long doneBytes, long allBytes);
}
