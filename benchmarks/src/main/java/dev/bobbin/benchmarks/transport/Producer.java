package dev.bobbin.benchmarks.transport;

/** How one thread puts jobs into a queue. */
@FunctionalInterface
public interface Producer {
  /** Submits a job, and waits while there is no room. The array is used again afterwards. */
  void send(byte[] payload) throws Exception;

  /** No job follows for now: what is held back goes out. */
  default void flush() throws Exception {}
}
