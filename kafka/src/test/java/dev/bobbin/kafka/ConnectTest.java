package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.BobbinException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever cannot work with the brokers is told so when he connects, and why. */
class ConnectTest {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @Test
  void absentBrokerIsNamedWithinTheTimeout() throws IOException {
    String servers = "127.0.0.1:" + unusedPort();
    KafkaOptions options = KafkaOptions.of(servers).withTimeout(SHORT);
    long began = System.nanoTime();
    assertThatThrownBy(() -> KafkaBobbin.connect(options))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("reaching the brokers failed")
        .hasMessageContaining(servers)
        .hasMessageContaining("Are the brokers up");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SHORT.multipliedBy(5));
  }

  /** As a broker that is frozen, or another program at that address. */
  @Test
  void silentBrokerIsNamedWithinTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      String servers = "127.0.0.1:" + silent.getLocalPort();
      KafkaOptions options = KafkaOptions.of(servers).withTimeout(SHORT);
      assertThatThrownBy(() -> KafkaBobbin.connect(options))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("no answer")
          .hasMessageContaining(servers);
    }
  }

  @Test
  void refusedConnectionLeavesNoThreads() throws IOException {
    KafkaOptions options = KafkaOptions.of("127.0.0.1:" + unusedPort()).withTimeout(SHORT);
    long before = clientThreads();
    assertThatThrownBy(() -> KafkaBobbin.connect(options)).isInstanceOf(BobbinException.class);
    Patience.until("the clients' threads end", () -> clientThreads() <= before);
  }

  private static long clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("(kafka-|bobbin-|.*consumer).*"))
        .count();
  }

  /** One line for each client that a queue needs: the admin, the producer, and the consumers. */
  @ParameterizedTest
  @CsvSource({
    "security.protocol, NONSENSE",
    "bootstrap.servers, nowhere.invalid:9092",
    "compression.type, nonsense",
    "fetch.min.bytes, nonsense",
    "session.timeout.ms, 10000",
    "isolation.level, read_committed",
    "heartbeat.interval.ms, 1000",
    "group.protocol, nonsense"
  })
  void invalidSettingIsRefusedBeforeAnyWork(String setting, String value) throws IOException {
    KafkaOptions options =
        KafkaOptions.of("127.0.0.1:" + unusedPort()).withTimeout(SHORT).withClient(setting, value);
    assertThatThrownBy(() -> KafkaBobbin.connect(options))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("the settings for Kafka are not valid")
        .hasMessageContaining(setting);
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
