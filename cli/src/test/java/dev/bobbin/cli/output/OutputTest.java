package dev.bobbin.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The forms in which things are printed. */
class OutputTest {
  private static final List<Column> COLUMNS = List.of(Column.text("what"), Column.number("n"));

  @Test
  void tableIsAlignedAndMarkdown() {
    assertThat(
            Table.of(
                COLUMNS, List.of(List.of("a", "1"), List.of("a|b", "12,345"), List.of("", ""))))
        .containsExactly(
            "| what |      n |",
            "|------|-------:|",
            "| a    |      1 |",
            "| a\\|b | 12,345 |",
            "|      |        |");
  }

  @Test
  void emptyTableHasItsHead() {
    assertThat(Table.of(COLUMNS, List.of())).containsExactly("| what | n |", "|------|--:|");
  }

  @Test
  void tableCountsPlacesOfTheTerminal() {
    assertThat(
            Table.of(
                List.of(Column.text("c")),
                List.of(List.of("日本"), List.of("e\u0301"), List.of("\uD83D\uDE00"))))
        .containsExactly("| c    |", "|------|", "| 日本 |", "| e\u0301    |", "| \uD83D\uDE00   |");
  }

  @Test
  void cellCannotControlTheTerminal() {
    assertThat(Table.of(List.of(Column.text("c")), List.of(List.of("\u001b[2Jx\ny"))))
        .containsExactly("| c       |", "|---------|", "| ?[2Jx?y |");
  }

  @Test
  void jsonEscapesWhatATerminalWouldObey() throws Exception {
    String hostile = "\u001b[2J\u007f\u009b\u202e\u2028 \"ö\" \uD83D\uDE00";
    String line = Json.line(Map.of("text", hostile));
    assertThat(line)
        .isEqualTo("{\"text\":\"\\u001B[2J\\u007f\\u009b\\u202e\\u2028 \\\"ö\\\" \uD83D\uDE00\"}");
    assertThat(JSON.std.mapFrom(line)).containsEntry("text", hostile);
  }

  @Test
  void jsonKeepsOrderAndNulls() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("b", 1);
    members.putAll(Collections.singletonMap("a", null));
    assertThat(Json.line(members)).isEqualTo("{\"b\":1,\"a\":null}");
    assertThat(Json.indented(List.of(members)).lines()).hasSizeGreaterThan(3);
  }

  @Test
  void bytesHaveTheUnitThatFits() {
    assertThat(List.of(0L, 1023L, 1024L, 16L << 20, (1L << 30) - 1, Long.MAX_VALUE))
        .extracting(Sizes::bytes)
        .containsExactly("0 B", "1023 B", "1.0 KiB", "16.0 MiB", "1.0 GiB", "8.0 EiB");
  }
}
