package dev.bobbin.benchmarks.transport;

import java.io.IOException;
import java.util.List;

/** An open and empty queue. */
public interface Transport extends AutoCloseable {
  /**
   * Starts a worker for each receiver. It gives its receiver each job that comes, and acks it
   * afterwards.
   */
  void start(List<Receiver> receivers) throws Exception;

  /** For one producer thread, which is the only one that uses it. */
  Producer producer() throws Exception;

  /** Stops the workers and closes the queue. */
  @Override
  void close() throws IOException;
}
