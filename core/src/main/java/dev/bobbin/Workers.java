package dev.bobbin;

import java.util.List;

/** A group of running worker threads. Thread-safe. */
public interface Workers extends AutoCloseable {

  /** How many worker threads the group was started with. */
  int size();

  /**
   * The workers that are stuck now: their handlers did not return within {@link
   * WorkOptions#lease()}. They are not replaced, and go on by themselves when their handlers
   * return.
   */
  List<StuckWorker> stuck();

  /** Tells the workers to stop after the batch in hand, and returns at once. Idempotent. */
  void stop();

  /**
   * Stops the workers and waits until their handlers have returned, but not for a handler that is
   * stuck ({@link #stuck}): its jobs are in other hands. Called from a handler of this group, it
   * waits for the other workers and not for those that wait here themselves. Interrupting the wait
   * ends it with the interrupt flag set.
   */
  @Override
  void close();
}
