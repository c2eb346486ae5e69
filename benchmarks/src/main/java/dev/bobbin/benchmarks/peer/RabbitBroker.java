package dev.bobbin.benchmarks.peer;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A RabbitMQ broker of one node, as a process of its own. */
final class RabbitBroker implements Broker {
  /** What Debian's own starter runs as another user, in that user's folder. */
  private static final Path PLAIN = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  private final int port;
  private final int mapperPort;
  private final Path log;
  private final Server server;

  RabbitBroker(Path directory) throws IOException, InterruptedException {
    port = Server.freePort();
    mapperPort = Server.freePort();
    log = directory.resolve("broker.log");
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("HOME", directory.toString()),
            Map.entry("RABBITMQ_NODENAME", "bench@localhost"),
            Map.entry("RABBITMQ_NODE_IP_ADDRESS", Server.HOST),
            Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
            Map.entry("RABBITMQ_DIST_PORT", Integer.toString(Server.freePort())),
            Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString()),
            Map.entry("RABBITMQ_LOG_BASE", directory.resolve("logs").toString()),
            Map.entry("RABBITMQ_PID_FILE", directory.resolve("pid").toString()),
            Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("none").toString()),
            Map.entry("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString()),
            Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("plugins").toString()),
            Map.entry(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}"),
            Map.entry("ERL_EPMD_ADDRESS", Server.HOST),
            Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)));
    String program =
        Files.isExecutable(PLAIN) ? PLAIN.toString() : Server.program("rabbitmq-server");
    server =
        Server.start(log, environment, List.of(program))
            .await(() -> RabbitPeer.factory(port).newConnection().close());
  }

  Connection connect() throws IOException, TimeoutException {
    return RabbitPeer.factory(port).newConnection();
  }

  @Override
  public List<ProcessHandle> processes() {
    return server.processes();
  }

  /** Erlang's port mapper is a process of its own, which would stay. */
  @Override
  public void close() {
    server.close();
    try {
      Server.run(
          log, List.of("env", "ERL_EPMD_PORT=" + mapperPort, Server.program("epmd"), "-kill"));
    } catch (IOException e) {
      System.err.println("the port mapper goes on: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
