package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link KafkaOptions#parse}. */
class KafkaUriTest {
  private static void assertRefused(String uri, String words) {
    assertThatThrownBy(() -> KafkaOptions.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "broker:9092",
        "127.0.0.1:65535",
        "[2001:db8::1]:9092",
        "broker1.example.org:9092,broker2.example.org:9093"
      })
  void brokersAloneHaveTheDefaults(String servers) {
    assertThat(KafkaOptions.parse("kafka://" + servers)).isEqualTo(KafkaOptions.of(servers));
  }

  @Test
  void everyOptionCanBeSet() {
    assertThat(
            KafkaOptions.parse(
                "kafka://a:1,b:2?prefix=mail&partitions=12&replicas=3&lock=60s&prefetch=50"
                    + "&timeout=1500ms"))
        .isEqualTo(
            KafkaOptions.of("a:1,b:2")
                .withPrefix("mail")
                .withPartitions(12)
                .withReplicas(3)
                .withLock(Duration.ofSeconds(60))
                .withPrefetch(50)
                .withTimeout(Duration.ofMillis(1500)));
    assertThat(KafkaOptions.parse("kafka://a:1?lock=1h&timeout=2m"))
        .isEqualTo(
            KafkaOptions.of("a:1")
                .withLock(Duration.ofHours(1))
                .withTimeout(Duration.ofMinutes(2)));
  }

  @Test
  void settingsOfTheClientsHaveADot() {
    assertThat(
            KafkaOptions.parse(
                "kafka://a:1?security.protocol=SASL_SSL&sasl.jaas.config=p=\"a%26b+%3F\";"))
        .isEqualTo(
            KafkaOptions.of("a:1")
                .withClient("security.protocol", "SASL_SSL")
                .withClient("sasl.jaas.config", "p=\"a&b+?\";"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data | does not begin with kafka://",
        "kafka:broker:9092 | does not begin with kafka://",
        "kafka:// | found '' in the place of host:port",
        "kafka://broker | found 'broker' in the place of host:port",
        "kafka://broker:99999 | found 'broker:99999'",
        "kafka://a:1,,b:2 | found ''",
        "kafka://a:1/topic | found 'a:1/topic'",
        "kafka://a:1? | must be name=value, found none",
        "kafka://a:1?prefix | must be name=value, found prefix",
        "kafka://a:1?prefix=a&prefix=b | prefix is there twice",
        "kafka://a:1?prefex=a | no parameter prefex: expected prefix, partitions",
        "kafka://a:1?bootstrap.servers=b:2 | between kafka:// and the ?",
        "kafka://a:1?prefix=Mail | KafkaOptions.prefix must match",
        "kafka://a:1?partitions=many | partitions of a Kafka address must be a number, found 'many'",
        "kafka://a:1?replicas=0 | KafkaOptions.replicas must be from 1 to 10, found 0",
        "kafka://a:1?lock=60 | must be a number with a unit, such as 500ms, 60s, 5m or 1h, found '60'",
        "kafka://a:1?lock=1ms | KafkaOptions.lock must be from PT1S to PT1H, found PT0.001S",
        "kafka://a:1?client.id=50% | client.id has a % in its value"
      })
  void whatIsWrongIsSaid(String uri, String words) {
    assertRefused(uri, words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka://ada:secret@broker:9092",
        "kafka://a:1?sasl.jaas.config=secret&sasl.jaas.config=secret",
        "kafka://a:1?sasl.jaas.config=secret%",
        "ada:secret@kafka://a:1"
      })
  void secretsAreInNoError(String uri) {
    assertThatThrownBy(() -> KafkaOptions.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
