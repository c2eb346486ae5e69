package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Deduplication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What recovery keeps of the keys that it finds, in whatever order it finds them. */
class FoundKeysTest {
  private static final long NOW_MILLIS = 1_000_000_000_500L;
  private static final long NOW_SECONDS = NOW_MILLIS / 1000;

  private final FoundKeys found =
      new FoundKeys(new Deduplication(Duration.ofSeconds(10), 3), NOW_MILLIS);

  private List<String> kept() {
    List<String> kept = new ArrayList<>();
    found.forEach((key, number, ageNanos) -> kept.add(key + number + "@" + ageNanos / 1_000_000));
    return kept;
  }

  @Test
  void theNewestAreKeptAndHandedOverInTheirOrder() {
    found.add("c", 24, NOW_SECONDS - 2);
    found.add("a", 8, NOW_SECONDS - 4);
    found.add("d", 32, NOW_SECONDS - 1);
    found.add("b", 16, NOW_SECONDS - 3);
    assertThat(kept()).containsExactly("b16@2501", "c24@1501", "d32@501");
    assertThat(kept()).isEmpty();
  }

  @Test
  void keysOlderThanTheWindowAreLeftOut() {
    found.add("old", 8, NOW_SECONDS - 11);
    found.add("just", 16, NOW_SECONDS - 10);
    assertThat(kept()).containsExactly("just16@9501");
  }

  @Test
  void clockThatWentBackMakesNoKeyYoungerThanNow() {
    found.add("ahead", 8, NOW_SECONDS + 100);
    assertThat(kept()).containsExactly("ahead8@0");
  }
}
