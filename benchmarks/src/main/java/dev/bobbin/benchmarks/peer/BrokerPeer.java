package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queues in one broker, which is started for the first of them. */
abstract class BrokerPeer<B extends Broker> implements Peer {
  private @Nullable B broker;
  private int opened;

  /** Starts the broker with its files in {@code home}. */
  abstract B start(Path home) throws Exception;

  /** Makes and opens a queue of that name, which is new. */
  abstract Transport open(B in, String name, Load load) throws Exception;

  /** The broker outlives this queue: the directory's parent is there as long as the peer is. */
  @Override
  public final Transport open(Load load, Path directory) throws Exception {
    if (broker == null) {
      broker = start(Files.createDirectories(directory.resolveSibling("broker")));
    }
    return open(broker, "jobs-" + opened++, load);
  }

  @Override
  public final List<ProcessHandle> servers() {
    return broker == null ? List.of() : broker.processes();
  }

  @Override
  public final void close() {
    if (broker != null) {
      broker.close();
    }
  }
}
