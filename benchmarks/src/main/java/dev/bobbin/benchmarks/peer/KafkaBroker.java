package dev.bobbin.benchmarks.peer;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** An Apache Kafka broker of one node, as a process of its own. */
final class KafkaBroker implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final String address;

  /** Formats and starts a broker with its files and its log in {@code directory}. */
  KafkaBroker(Path directory) throws IOException, InterruptedException {
    int port = freePort();
    int controller = freePort();
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
    run(
        log,
        "kafka.tools.StorageTool",
        "format",
        "-t",
        Uuid.randomUuid().toString(),
        "-c",
        settings.toString());
    process = start(log, "kafka.Kafka", settings.toString());
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    await(log);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Process start(Path log, String main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-XX:+UseG1GC",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static void run(Path log, String main, String... arguments)
      throws IOException, InterruptedException {
    int status = start(log, main, arguments).waitFor();
    if (status != 0) {
      throw new IOException(main + " ended with " + status + ": " + Files.readString(log));
    }
  }

  private void await(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (Admin admin = admin()) {
      while (true) {
        try {
          admin.describeCluster().nodes().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
          return;
        } catch (ExecutionException | TimeoutException e) {
          if (!process.isAlive() || System.nanoTime() - end > 0) {
            throw new IOException("the broker does not answer: " + Files.readString(log), e);
          }
        }
      }
    }
  }

  String address() {
    return address;
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address));
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
