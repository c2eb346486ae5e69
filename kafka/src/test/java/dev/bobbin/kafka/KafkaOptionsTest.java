package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaOptionsTest {
  private static final KafkaOptions DEFAULTS = KafkaOptions.of("localhost:9092");

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void addressIsNeeded(String servers) {
    assertThatThrownBy(() -> KafkaOptions.of(servers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KafkaOptions.client needs bootstrap.servers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Upper", "-first", ".first", "sp ace", "ü"})
  void prefixThatIsNoTopicsNameIsRefused(String prefix) {
    assertThatThrownBy(() -> DEFAULTS.withPrefix(prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KafkaOptions.prefix")
        .hasMessageContaining(prefix);
  }

  @Test
  void prefixIsAtMostSixtyFourLong() {
    assertThat(DEFAULTS.withPrefix("p".repeat(64)).prefix()).hasSize(64);
    assertThatThrownBy(() -> DEFAULTS.withPrefix("p".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Arguments> ranges() {
    Function<Integer, KafkaOptions> partitions = DEFAULTS::withPartitions;
    Function<Integer, KafkaOptions> replicas = DEFAULTS::withReplicas;
    Function<Integer, KafkaOptions> prefetch = DEFAULTS::withPrefetch;
    Function<Integer, KafkaOptions> lock = s -> DEFAULTS.withLock(Duration.ofSeconds(s));
    Function<Integer, KafkaOptions> timeout = s -> DEFAULTS.withTimeout(Duration.ofSeconds(s));
    return Stream.of(
        Arguments.of("partitions", partitions, 1, 1_000),
        Arguments.of("replicas", replicas, 1, 10),
        Arguments.of("prefetch", prefetch, 1, 4_096),
        Arguments.of("lock", lock, 1, 3_600),
        Arguments.of("timeout", timeout, 1, 600));
  }

  @ParameterizedTest(name = "{0} from {2} to {3}")
  @MethodSource("ranges")
  void whatIsOutsideItsRangeIsRefusedByName(
      String option, Function<Integer, KafkaOptions> with, int min, int max) {
    assertThat(with.apply(min)).isNotNull();
    assertThat(with.apply(max)).isNotNull();
    for (int outside : new int[] {min - 1, max + 1}) {
      assertThatThrownBy(() -> with.apply(outside))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("KafkaOptions." + option + " must be from");
    }
  }

  @Test
  void replicasMayBeLeftToTheBrokers() {
    assertThat(DEFAULTS.replicas()).isEqualTo(-1);
    assertThat(DEFAULTS.withReplicas(3).withReplicas(-1).replicas()).isEqualTo(-1);
  }

  @Test
  void settingsOfTheClientAreAddedToThoseThatAreThere() {
    KafkaOptions options = DEFAULTS.withClient("client.rack", "a").withClient("client.rack", "b");
    assertThat(options.client())
        .containsEntry("bootstrap.servers", "localhost:9092")
        .containsEntry("client.rack", "b")
        .hasSize(2);
    assertThat(DEFAULTS.client()).hasSize(1);
  }

  @Test
  void secretsAreNotInTheText() {
    KafkaOptions options =
        DEFAULTS
            .withClient("sasl.jaas.config", "PlainLoginModule required password=\"hush\";")
            .withClient("ssl.key.password", "hush");
    assertThat(options.toString())
        .doesNotContain("hush")
        .contains("sasl.jaas.config", "ssl.key.password", "localhost:9092", "partitions=4");
  }
}
