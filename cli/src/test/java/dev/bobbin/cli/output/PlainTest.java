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
