package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a job may carry has bounds, and a text that could not be read back is refused. */
class JobOptionsTest {
  private static void refuses(Runnable options, String... inMessage) {
    assertThatThrownBy(options::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(inMessage);
  }

  @Test
  void eachChangeKeepsTheRest() {
    JobOptions options =
        JobOptions.delay(Duration.ofSeconds(1))
            .prioritized(Priority.HIGH)
            .header("b", "1")
            .header("a", "2")
            .header("b", "3")
            .keyed("k")
            .expiringAfter(Duration.ofSeconds(2));
    assertThat(options.delay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.priority()).isEqualTo(Priority.HIGH);
    assertThat(options.headers()).containsExactly(entry("b", "3"), entry("a", "2"));
    assertThat(options.key()).isEqualTo("k");
    assertThat(options.timeToLive()).isEqualTo(Duration.ofSeconds(2));
    assertThat(JobOptions.NONE.headers()).isEmpty();
  }

  @Test
  void headersHaveBounds() {
    JobOptions full = JobOptions.NONE.header("k", "v".repeat(4095));
    refuses(() -> full.header("l", ""), "headers", "found 4097", "4096");
    refuses(() -> JobOptions.NONE.header("ä".repeat(2048), "v"), "headers", "found 4097");
    refuses(() -> JobOptions.NONE.header("", "v"), "headers", "key", "found 0");
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 33; i++) {
      many.put("h" + i, "");
    }
    refuses(
        () -> new JobOptions(Duration.ZERO, Priority.NORMAL, many, null, null),
        "headers",
        "found 33");
  }

  @Test
  void headersAreACopyThatCannotBeChanged() {
    Map<String, String> given = new LinkedHashMap<>(Map.of("a", "1"));
    JobOptions options = new JobOptions(Duration.ZERO, Priority.NORMAL, given, null, null);
    given.put("b", "2");
    assertThat(options.headers()).containsExactly(entry("a", "1"));
    assertThatThrownBy(() -> options.headers().put("b", "2"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void keyHasBounds() {
    assertThat(JobOptions.key("k".repeat(255)).key()).hasSize(255);
    refuses(() -> JobOptions.key("ä".repeat(128)), "JobOptions.key", "found 256", "255");
    refuses(() -> JobOptions.key(""), "JobOptions.key", "found 0");
  }

  @Test
  void timesHaveRanges() {
    refuses(() -> JobOptions.delay(Duration.ofMillis(-1)), "JobOptions.delay", "PT-0.001S");
    refuses(() -> JobOptions.NONE.expiringAfter(Duration.ZERO), "timeToLive", "PT0S");
    refuses(() -> JobOptions.NONE.expiringAfter(Duration.ofDays(3651)), "timeToLive");
  }

  @Test
  void textThatUtf8CannotCarryIsRefused() {
    refuses(() -> JobOptions.key("a\uD800"), "JobOptions.key", "surrogate");
    refuses(() -> JobOptions.NONE.header("\uDC00", "v"), "JobOptions.headers", "surrogate");
    refuses(() -> JobOptions.NONE.header("k", "\uD800"), "JobOptions.headers", "surrogate");
    assertThat(JobOptions.key("\uD83E\uDDF5").key()).isEqualTo("\uD83E\uDDF5");
  }
}
