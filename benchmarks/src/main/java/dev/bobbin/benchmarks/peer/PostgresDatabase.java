package dev.bobbin.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server, as a process of its own, with a database for each queue. */
final class PostgresDatabase implements Database {
  /** Whom the server belongs to where we are root, as which it does not run. */
  private static final String USER = "postgres";

  /** It may pass through folders that are ours alone. */
  private static final List<String> AS_USER =
      List.of(
          "setpriv",
          "--reuid=" + USER,
          "--regid=" + USER,
          "--clear-groups",
          "--inh-caps=+dac_read_search",
          "--ambient-caps=+dac_read_search");

  private static final int MORE_CONNECTIONS = 20;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "shared_buffers", "256MB",
          "synchronous_commit", "off",
          "max_wal_size", "4GB");

  private @Nullable Server server;
  private int port;
  private int opened;

  @Override
  public Map<String, String> settings() {
    Map<String, String> all = new TreeMap<>();
    all.put("database", "PostgreSQL, one server");
    SETTINGS.forEach((name, value) -> all.put("PostgreSQL " + name, value));
    return all;
  }

  @Override
  public HikariDataSource open(Path directory, int connections)
      throws IOException, InterruptedException, SQLException {
    if (server == null) {
      server = start(directory.resolveSibling("postgres"), connections + MORE_CONNECTIONS);
    }
    String name = "jobs_" + opened++;
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return Database.pool(url(name), USER, connections);
  }

  private Server start(Path home, int connections) throws IOException, InterruptedException {
    Files.createDirectories(home);
    List<String> asUser = List.of();
    if (System.getProperty("user.name", "").equals("root")) {
      asUser = AS_USER;
      Files.setOwner(
          home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    }
    Path log = home.resolve("server.log");
    String data = home.resolve("data").toString();
    List<String> make = new ArrayList<>(asUser);
    make.addAll(List.of(Server.program("initdb"), "-D", data, "-U", USER, "-A", "trust"));
    Server.run(log, make);
    port = Server.freePort();
    List<String> command = new ArrayList<>(asUser);
    command.addAll(List.of(Server.program("postgres"), "-D", data, "-p", Integer.toString(port)));
    command.addAll(List.of("-c", "listen_addresses=" + Server.HOST));
    command.addAll(List.of("-c", "unix_socket_directories="));
    command.addAll(List.of("-c", "max_connections=" + connections));
    SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return Server.start(log, Map.of(), command).await(() -> connect().close());
  }

  private String url(String name) {
    return "jdbc:postgresql://" + Server.HOST + ":" + port + "/" + name;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url("postgres"), USER, "");
  }

  @Override
  public List<ProcessHandle> servers() {
    return server == null ? List.of() : server.processes();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
