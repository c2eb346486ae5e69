package dev.bobbin.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.BobbinException;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What users write and what they are told. */
class WordsTest {
  @ParameterizedTest
  @CsvSource({"0, PT0S", "500ms, PT0.5S", "2s, PT2S", "5m, PT5M", "1h, PT1H", "3650d, PT87600H"})
  void durationsHaveUnits(String text, Duration duration) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5x", "-1s", "1.5s", "s", "3651d", "9999999999999s"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void deadLettersAreListedWithTheirReason() {
    DeadLetter letter =
        new DeadLetter(
            new JobId(1, 2),
            3,
            Instant.EPOCH,
            Instant.EPOCH,
            "exit status 7",
            Map.of(),
            "file\nname".getBytes(StandardCharsets.UTF_8));
    assertThat(new Summary(Path.of("d")).deadLetters(9, 2, List.of(letter)))
        .containsExactly(
            "9 left as dead letters (2 from earlier runs), kept in d:",
            "  file?name after 3 attempts: exit status 7",
            "  and 8 more");
  }

  @Test
  void ownWordsAreHarmlessAndTheCommandsGoThroughAsTheyAre() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(out, new PrintStream(err, true, StandardCharsets.UTF_8));
    terminal.say("line 1 of \u001b[31m\u009b\u202e\nbobbin: ok");
    assertThat(err.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo("bobbin: line 1 of ?[31m???bobbin: ok");
    err.reset();
    byte[] printed = {27, '[', '3', '1', 'm', (byte) 0xFF, 0};
    terminal.pass(new ByteArrayInputStream(printed), new ByteArrayInputStream(printed));
    assertThat(out.toByteArray()).isEqualTo(printed);
    assertThat(err.toByteArray()).isEqualTo(printed);
  }

  @Test
  void commandIsLookedUpAsTheShellDoes() {
    Executable.require("sh", "/nowhere:/bin");
    Executable.require("/bin/sh", null);
    assertThatThrownBy(() -> Executable.require("sh", "/nowhere"))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("'sh'")
        .hasMessageContaining("/nowhere");
  }

  @Test
  void stopHasOneReasonAndTellsEverybodyOnce() {
    Stop stop = new Stop();
    int[] calls = {0};
    stop.whenRequested(() -> calls[0]++);
    assertThat(stop.requested()).isFalse();
    assertThat(stop.request("first")).isTrue();
    assertThat(stop.request("second")).isFalse();
    stop.whenRequested(() -> calls[0] += 10);
    assertThat(stop.reason()).isEqualTo("first");
    assertThat(calls[0]).isEqualTo(11);
  }
}
