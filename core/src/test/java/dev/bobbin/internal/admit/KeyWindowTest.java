package dev.bobbin.internal.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Deduplication;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bounds of the window, with a clock of its own that may begin anywhere. */
class KeyWindowTest {
  private static final long START = Long.MAX_VALUE - 500;
  private static final long SECOND = 1_000_000_000;

  private final KeyWindow window = new KeyWindow(new Deduplication(Duration.ofSeconds(1), 3));

  private void add(String key, long number, long now) {
    assertThat(window.find(key, now)).isEqualTo(-1);
    window.add(key, number, now, now);
  }

  @Test
  void knowsAKeyUntilItIsAsOldAsTheWindow() {
    add("a", 8, START);
    assertThat(window.find("a", START + SECOND - 1)).isEqualTo(8);
    assertThat(window.find("a", START + SECOND)).isEqualTo(-1);
  }

  @Test
  void forgetsTheOldestKeyWhenTooManyNewerOnesCome() {
    add("a", 0, START);
    add("b", 8, START + 1);
    add("c", 16, START + 2);
    add("d", 24, START + 3);
    assertThat(window.find("a", START + 3)).isEqualTo(-1);
    assertThat(window.find("b", START + 3)).isEqualTo(8);
    assertThat(window.find("d", START + 3)).isEqualTo(24);
    assertThat(window.size()).isEqualTo(3);
  }

  @Test
  void keyThatComesBackIsAsYoungAsItsSecondComing() {
    add("a", 0, START);
    add("b", 8, START + 1);
    add("a", 16, START + SECOND);
    add("c", 24, START + SECOND + 1);
    add("d", 32, START + SECOND + 2);
    assertThat(window.find("a", START + SECOND + 2)).isEqualTo(16);
  }

  @Test
  void looksDoNotKeepAKeyYoung() {
    add("a", 0, START);
    assertThat(window.find("a", START + SECOND - 1)).isZero();
    assertThat(window.find("a", START + SECOND)).isEqualTo(-1);
  }

  @Test
  void oldKeysLeaveByAndBy() {
    KeyWindow large = new KeyWindow(new Deduplication(Duration.ofSeconds(1), 1000));
    IntStream.range(0, 1000).forEach(i -> large.add("k" + i, i, START, START));
    assertThat(large.size()).isEqualTo(1000);
    long later = START + 2 * SECOND;
    IntStream.range(0, 1000).forEach(i -> large.add("l" + i, i, later + i, later + i));
    assertThat(large.size()).isEqualTo(1000);
    assertThat(large.find("k999", later)).isEqualTo(-1);
    large.add("m", 1, later + 2 * SECOND, later + 2 * SECOND);
    assertThat(large.size()).isEqualTo(999);
  }

  @Test
  void keyThatWasOldWhenItCameIsUnknown() {
    window.add("a", 0, START - SECOND, START);
    assertThat(window.find("a", START)).isEqualTo(-1);
    assertThat(window.size()).isZero();
  }
}
