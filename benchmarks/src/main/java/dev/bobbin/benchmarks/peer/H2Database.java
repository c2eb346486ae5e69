package dev.bobbin.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** H2 in this process, in a file. */
final class H2Database implements Database {
  @Override
  public Map<String, String> settings() {
    return Map.of("database", "H2, embedded, in a file");
  }

  @Override
  public HikariDataSource open(Path directory, int connections) {
    return Database.pool(
        "jdbc:h2:file:" + directory.resolve("jobs").toAbsolutePath(), "sa", connections);
  }

  @Override
  public List<ProcessHandle> servers() {
    return List.of();
  }

  @Override
  public void close() {}
}
