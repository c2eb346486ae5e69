package dev.bobbin;

/** A group of running worker threads. Thread-safe. */
public interface Workers extends AutoCloseable {

  /** How many worker threads the group was started with. */
  int size();

  /** Tells the workers to stop after the batch in hand, and returns at once. Idempotent. */
  void stop();

  /**
   * Stops the workers and waits until their handlers have returned; called from a handler, it does
   * not wait for that handler's own worker. Interrupting the wait ends it with the interrupt flag
   * set.
   */
  @Override
  void close();
}
