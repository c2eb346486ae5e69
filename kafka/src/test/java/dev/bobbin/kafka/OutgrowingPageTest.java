package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/outgrowing.md} says what the code does. */
class OutgrowingPageTest {
  private static final Path PAGE = Path.of("..", "docs", "outgrowing.md");
  private static final KafkaOptions DEFAULTS = KafkaOptions.of("broker:9092");

  /** Sets an option to a value of the page. */
  private static final Map<String, Function<String, KafkaOptions>> SETTERS =
      Map.of(
          "partitions", value -> DEFAULTS.withPartitions(Integer.parseInt(value)),
          "replicas", value -> DEFAULTS.withReplicas(Integer.parseInt(value)),
          "lock", value -> DEFAULTS.withLock(duration(value)),
          "prefetch", value -> DEFAULTS.withPrefetch(Integer.parseInt(value)),
          "timeout", value -> DEFAULTS.withTimeout(duration(value)));

  @TempDir Path directory;

  private static Duration duration(String text) {
    String[] words = text.split(" ", -1);
    return Duration.parse("PT" + words[0] + words[1].substring(0, 1).toUpperCase(Locale.ROOT));
  }

  /** The cells of the rows under {@code heading} whose first one is code. */
  private static List<List<String>> rows(String heading) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean inTable = false;
    for (String line : Files.readAllLines(PAGE)) {
      boolean row = line.startsWith("|");
      inTable = row && (inTable || line.startsWith(heading));
      if (inTable && line.startsWith("| `")) {
        rows.add(
            Arrays.stream(line.split("\\|", -1))
                .skip(1)
                .map(c -> c.strip().replace("`", ""))
                .toList());
      }
    }
    return rows;
  }

  @Test
  void capabilitiesAreThoseOfTheCode() throws IOException {
    List<List<String>> rows = rows("| `Capability`").stream().skip(1).toList();
    assertThat(rows.stream().map(row -> Capability.valueOf(row.get(0))))
        .containsExactly(Capability.values());
    try (Bobbin local = Bobbin.open(directory);
        Bobbin kafka = KafkaBobbin.connect(SharedBroker.options())) {
      for (List<String> row : rows) {
        Capability capability = Capability.valueOf(row.get(0));
        assertThat(row.subList(1, 3))
            .as(row.get(0))
            .containsExactly(
                local.capabilities().contains(capability) ? "yes" : "no",
                kafka.capabilities().contains(capability) ? "yes" : "no");
      }
    }
  }

  @Test
  void optionsHaveTheDefaultsAndBoundsOfTheCode() throws IOException {
    List<List<String>> rows = rows("| option");
    assertThat(rows.stream().map(row -> row.get(0)))
        .containsExactly("prefix", "partitions", "replicas", "lock", "prefetch", "timeout");
    assertThat(rows.get(0).get(1)).isEqualTo(DEFAULTS.prefix());
    for (List<String> row : rows.subList(1, rows.size())) {
      Function<String, KafkaOptions> setter = SETTERS.get(row.get(0));
      if (!row.get(0).equals("replicas")) {
        assertThat(setter.apply(row.get(1))).as(row.get(0)).isEqualTo(DEFAULTS);
      }
      assertThatCode(() -> setter.apply(row.get(2))).doesNotThrowAnyException();
      assertThatCode(() -> setter.apply(row.get(3))).doesNotThrowAnyException();
      assertThatThrownBy(() -> setter.apply(step(row.get(2), -1))).hasMessageContaining(row.get(0));
      assertThatThrownBy(() -> setter.apply(step(row.get(3), 1))).hasMessageContaining(row.get(0));
    }
  }

  /** One more or less than the page says. */
  private static String step(String value, int by) {
    String[] words = value.split(" ", 2);
    String number = Integer.toString(Integer.parseInt(words[0]) + by);
    return words.length == 1 ? number : number + " " + words[1];
  }
}
