package dev.bobbin.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What jobs hold and say cannot control the terminal. */
class PlainTest {
  @Test
  void lineHasNoControls() {
    assertThat(Plain.line("a\u001b[31mb\r\n\u0007\u009bc\u0000")).isEqualTo("a?[31mb???" + "?c?");
    assertThat(Plain.line("a\u202eb\u2028c\u200bd")).isEqualTo("a?b?c?d");
    assertThat(Plain.line("Zoë, 日本")).isEqualTo("Zoë, 日本");
  }

  @Test
  void nothingThatATerminalObeysIsLeft() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c <= 0x9F; c++) {
      all.appendCodePoint(c);
    }
    // Sequences of many letters, then marks and overrides of direction, and what has no width.
    all.append("\u001b]0;title\u0007\u001b]8;;http://x\u001b\\\u009d\u0090q\u009c");
    all.append("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c");
    all.append("\u200b\u200c\u200d\u2060\ufeff\u00ad\u2028\u2029\ud800");
    all.appendCodePoint(0xE0001).appendCodePoint(0xE007F);
    assertThat(Plain.line(all.toString())).doesNotContainPattern("[^\\x20-\\x7e]");
    assertThat(Plain.lines(all.toString())).doesNotContainPattern("[^\\x20-\\x7e\n\t]");
  }

  @Test
  void longLineIsCutBetweenCharacters() {
    assertThat(Plain.line("x".repeat(1000), 200)).hasSize(203).endsWith("x...");
    assertThat(Plain.line("x".repeat(200), 200)).isEqualTo("x".repeat(200));
    assertThat(Plain.line("ab\uD83D\uDE00cd", 3)).isEqualTo("ab...");
  }

  @Test
  void linesKeepTabsAndLineEnds() {
    assertThat(Plain.lines("a\tb\r\nc\rd\u001b[0m\u202e")).isEqualTo("a\tb\r\nc?d?[0m?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "{\"a\":\t1}\r\n", "Zoë, 日本 \uD83D\uDE00", "a\u200db"})
  void cleanTextIsText(String text) {
    assertThat(Plain.text(text.getBytes(StandardCharsets.UTF_8))).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[31m", "a\u0000", "spoof\rd", "\u007f", "\u009b31m"})
  void controlsAreNotText(String text) {
    assertThat(Plain.text(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void otherBytesAreNotText() {
    assertThat(Plain.text(new byte[] {(byte) 0xC3})).isEmpty();
    assertThat(Plain.text("ü".getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }
}
