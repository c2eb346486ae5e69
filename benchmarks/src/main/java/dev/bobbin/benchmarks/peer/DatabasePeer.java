package dev.bobbin.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A scheduler that keeps its jobs in a database, each done by one of many threads. */
abstract class DatabasePeer implements Peer {
  private final Database database;
  private final int connections;

  DatabasePeer(boolean postgres, int connections) {
    this.database = postgres ? new PostgresDatabase() : new H2Database();
    this.connections = connections;
  }

  /** Adds what the scheduler itself was set to. */
  abstract void addSettings(Map<String, String> all);

  abstract Transport open(HikariDataSource pool) throws Exception;

  @Override
  public final Map<String, String> settings() {
    Map<String, String> all = new TreeMap<>(database.settings());
    all.put("connections", Integer.toString(connections));
    all.put("jobs at once", "at most " + ManyThreads.MOST_JOBS + ", by the benchmark");
    addSettings(all);
    return all;
  }

  @Override
  public final Transport open(Load load, Path directory) throws Exception {
    return open(database.open(directory, connections));
  }

  @Override
  public final List<ProcessHandle> servers() {
    return database.servers();
  }

  @Override
  public final void close() throws IOException {
    database.close();
  }
}
