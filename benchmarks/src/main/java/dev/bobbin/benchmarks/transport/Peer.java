package dev.bobbin.benchmarks.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A kind of queue, ready to open one. Closing it ends the servers that it has started. */
public interface Peer extends AutoCloseable {
  /** What was set that is not the default, as its documents name it. */
  Map<String, String> settings();

  /** Opens a new queue with its files in {@code directory}, which is there and empty. */
  Transport open(Load load, Path directory) throws Exception;

  /** The processes besides this one that do the work: their processor time and writes count. */
  default List<ProcessHandle> servers() {
    return List.of();
  }

  @Override
  default void close() throws IOException {}
}
