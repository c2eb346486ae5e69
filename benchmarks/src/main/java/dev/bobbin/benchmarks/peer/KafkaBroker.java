package dev.bobbin.benchmarks.peer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** An Apache Kafka broker of one node, as a process of its own. */
final class KafkaBroker implements Broker {
  /** What it is, for the report. */
  static final String WORDS =
      "one node, KRaft, -Xmx1g, force left to the system (the default), 10000 record locks a"
          + " partition";

  private static final long PATIENCE_SECONDS = 60;

  private final Server server;
  private final String address;

  /** Formats and starts a broker with its files and its log in {@code directory}. */
  KafkaBroker(Path directory) throws IOException, InterruptedException {
    int port = Server.freePort();
    int controller = Server.freePort();
    address = "127.0.0.1:" + port;
    Path settings = directory.resolve("server.properties");
    Properties properties = new Properties();
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", "1");
    properties.setProperty(
        "listeners", "PLAINTEXT://" + address + ",CONTROLLER://127.0.0.1:" + controller);
    properties.setProperty("advertised.listeners", "PLAINTEXT://" + address);
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
    properties.setProperty("log.dirs", directory.resolve("logs").toString());
    properties.setProperty("offsets.topic.replication.factor", "1");
    properties.setProperty("share.coordinator.state.topic.replication.factor", "1");
    properties.setProperty("share.coordinator.state.topic.min.isr", "1");
    properties.setProperty("group.initial.rebalance.delay.ms", "0");
    properties.setProperty("group.share.max.partition.max.record.locks", "10000");
    properties.setProperty("group.share.partition.max.record.locks", "10000");
    properties.setProperty("auto.create.topics.enable", "false");
    try (var out = Files.newOutputStream(settings)) {
      properties.store(out, null);
    }
    Path log = directory.resolve("broker.log");
    Server.run(
        log,
        java(
            "kafka.tools.StorageTool",
            "format",
            "-t",
            Uuid.randomUuid().toString(),
            "-c",
            settings.toString()));
    server = Server.start(log, Map.of(), java("kafka.Kafka", settings.toString()));
    try (Admin admin = admin()) {
      server.await(() -> admin.describeCluster().nodes().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
  }

  private static List<String> java(String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-XX:+UseG1GC",
                "-cp",
                classPath(),
                main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** From wherever the broker is started. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  String address() {
    return address;
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address));
  }

  @Override
  public List<ProcessHandle> processes() {
    return server.processes();
  }

  @Override
  public void close() {
    server.close();
  }
}
