package dev.bobbin.kafka.broker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** An Apache Kafka broker for tests, as a process of its own. For one thread. */
public final class Broker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final int port;
  private int securedPort;
  private Process process;

  private Broker(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  private static final class Shared {
    static final Broker BROKER = start();

    private static Broker start() {
      try {
        Path directory = Files.createTempDirectory("bobbin-kafka");
        Properties settings = new Properties();
        // For tests that want to see locks end.
        settings.setProperty("group.share.min.record.lock.duration.ms", "1000");
        Broker broker = Broker.start(directory, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker, directory)));
        return broker;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static void stop(Broker broker, Path directory) {
      broker.close();
      try (var files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One for all tests of this process, started for the first of them; it ends with the process. */
  public static Broker shared() {
    return Shared.BROKER;
  }

  /** Formats and starts a broker with its files in {@code directory}; {@code more} settings win. */
  public static Broker start(Path directory, Properties more)
      throws IOException, InterruptedException {
    int port = freePort();
    int controller = freePort();
    Properties settings = settings(directory, 1, port, controller);
    settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
    more.forEach(settings::put);
    format(directory, settings, Uuid.randomUuid());
    Broker broker = new Broker(directory, port, launch(directory));
    broker.await(1);
    return broker;
  }

  /**
   * A broker that lets {@code bob} in with the password {@code secret} at another address, {@link
   * #securedServers}, where he has no right but those that a test gives him.
   */
  public static Broker startSecured(Path directory) throws IOException, InterruptedException {
    int port = freePort();
    int controller = freePort();
    int secured = freePort();
    Properties settings = settings(directory, 1, port, controller);
    settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
    String open = settings.getProperty("advertised.listeners");
    String closed = ",SASL_PLAINTEXT://127.0.0.1:" + secured;
    settings.setProperty("advertised.listeners", open + closed);
    settings.setProperty("listeners", settings.getProperty("listeners") + closed);
    settings.setProperty(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.setProperty("sasl.enabled.mechanisms", "PLAIN");
    settings.setProperty(
        "listener.name.sasl_plaintext.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_bob=\"secret\";");
    settings.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.setProperty("super.users", "User:ANONYMOUS");
    format(directory, settings, Uuid.randomUuid());
    Broker broker = new Broker(directory, port, launch(directory));
    broker.securedPort = secured;
    broker.await(1);
    return broker;
  }

  /** Three brokers that copy everything to each other, so that one may be missing. */
  public static List<Broker> startThree(Path directory) throws IOException, InterruptedException {
    List<Integer> ports = new ArrayList<>();
    List<Integer> controllers = new ArrayList<>();
    List<String> voters = new ArrayList<>();
    for (int node = 1; node <= 3; node++) {
      ports.add(freePort());
      controllers.add(freePort());
      voters.add(node + "@127.0.0.1:" + controllers.get(node - 1));
    }
    Uuid id = Uuid.randomUuid();
    List<Broker> brokers = new ArrayList<>();
    for (int node = 1; node <= 3; node++) {
      Path own = Files.createDirectory(directory.resolve("node" + node));
      int port = ports.get(node - 1);
      Properties settings = settings(own, node, port, controllers.get(node - 1));
      settings.setProperty("controller.quorum.voters", String.join(",", voters));
      settings.setProperty("default.replication.factor", "3");
      settings.setProperty("min.insync.replicas", "2");
      settings.setProperty("offsets.topic.replication.factor", "3");
      settings.setProperty("share.coordinator.state.topic.replication.factor", "3");
      settings.setProperty("share.coordinator.state.topic.min.isr", "2");
      format(own, settings, id);
      brokers.add(new Broker(own, port, launch(own)));
    }
    for (Broker broker : brokers) {
      broker.await(3);
    }
    return brokers;
  }

  private static Properties settings(Path directory, int node, int port, int controller) {
    Properties settings = new Properties();
    settings.setProperty("process.roles", "broker,controller");
    settings.setProperty("node.id", Integer.toString(node));
    settings.setProperty(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
    settings.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.setProperty("controller.listener.names", "CONTROLLER");
    settings.setProperty("log.dirs", directory.resolve("logs").toString());
    settings.setProperty("offsets.topic.replication.factor", "1");
    settings.setProperty("offsets.topic.num.partitions", "1");
    settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
    settings.setProperty("share.coordinator.state.topic.min.isr", "1");
    settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
    settings.setProperty("transaction.state.log.replication.factor", "1");
    settings.setProperty("transaction.state.log.min.isr", "1");
    settings.setProperty("group.initial.rebalance.delay.ms", "0");
    settings.setProperty("group.share.heartbeat.interval.ms", "1000");
    settings.setProperty("group.share.min.heartbeat.interval.ms", "500");
    settings.setProperty("auto.create.topics.enable", "false");
    settings.setProperty("log.index.size.max.bytes", "65536");
    return settings;
  }

  private static void format(Path directory, Properties settings, Uuid cluster)
      throws IOException, InterruptedException {
    Path file = directory.resolve("server.properties");
    try (var out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    String id = cluster.toString();
    Process format =
        run(directory, "kafka.tools.StorageTool", "format", "-t", id, "-c", file.toString());
    if (!format.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || format.exitValue() != 0) {
      throw new IOException(
          "the broker's storage was not formatted: "
              + Files.readString(directory.resolve("broker.log")));
    }
  }

  private static Process launch(Path directory) throws IOException {
    return run(directory, "kafka.Kafka", directory.resolve("server.properties").toString());
  }

  private static Process run(Path directory, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    File log = directory.resolve("broker.log").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it serves, in a cluster of so many. */
  private void await(int nodes) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
      while (admin.describeCluster().nodes().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).size()
          < nodes) {
        if (System.nanoTime() - deadline > 0) {
          throw new TimeoutException("not " + nodes + " nodes");
        }
        LockSupport.parkNanos(50_000_000);
      }
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException(
          "the broker did not start: " + Files.readString(directory.resolve("broker.log")), e);
    }
  }

  /** Where clients find it: {@code host:port}. */
  public String servers() {
    return "127.0.0.1:" + port;
  }

  public String securedServers() {
    return "127.0.0.1:" + securedPort;
  }

  /** As the machine's end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again after {@link #kill}. */
  public void restart() throws IOException, InterruptedException {
    process = launch(directory);
    await(1);
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
