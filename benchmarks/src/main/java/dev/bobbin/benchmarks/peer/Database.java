package dev.bobbin.benchmarks.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where a scheduler keeps its jobs. Closing it ends its server, if it has one. */
interface Database extends AutoCloseable {
  /** As the report says it. */
  Map<String, String> settings();

  /** An empty one; its files are in {@code directory} or beside it. */
  HikariDataSource open(Path directory, int connections) throws Exception;

  List<ProcessHandle> servers();

  @Override
  void close() throws IOException;

  /** Connections to it. */
  static HikariDataSource pool(String url, String user, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }
}
