package dev.bobbin.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.QueueStatus.ErrorKind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which errors are told apart, and what is kept of them. */
class ErrorTableTest {
  private final ErrorTable table = new ErrorTable();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "job 17 failed                                  | job # failed",
        "no host 10.0.12.7:8080                         | no host #.#.#.#:#",
        "no order 3fa85f64-5717-4562-b3fc-2c963f66afa6! | no order #!",
        "no order 3FA85F64                              | no order #",
        "a1b2 is short                                  | a#b# is short",
        "deadbeef is a word                             | deadbeef is a word",
        "Http2Exception: reset                          | Http#Exception: reset",
        "defaced12 but defaced12x                       | # but defaced#x",
        "x-12345678                                     | x-#",
        "12345678-                                      | #",
        "''                                             | ''",
      })
  void numbersAndIdsDoNotMakeAnErrorAnother(String text, String kind) {
    assertThat(ErrorText.kind(text)).isEqualTo(kind);
  }

  @Test
  void onlyTheFirstLineCountsAndOnlyTheFirst160CharactersOfIt() {
    assertThat(ErrorText.kind("first\r\nsecond")).isEqualTo("first");
    assertThat(ErrorText.kind("\nsecond")).isEmpty();
    assertThat(ErrorText.kind("x".repeat(1000))).hasSize(160);
    String halved = "x".repeat(159) + "\uD83D\uDE00";
    assertThat(ErrorText.kind(halved)).as("no half character").isEqualTo("x".repeat(159));
  }

  @Test
  void kindsAreCountedMostFrequentFirst() {
    table.add("timeout after 12 ms", 2, 1_000);
    table.add("refused", 5, 2_000);
    table.add("timeout after 900 ms", 4, 3_000);
    assertThat(table.kinds())
        .containsExactly(
            new ErrorKind("timeout after # ms", 6, Instant.ofEpochMilli(3_000)),
            new ErrorKind("refused", 5, Instant.ofEpochMilli(2_000)));
    assertThat(table.others()).isZero();
  }

  @Test
  void mostFrequentIsTheMostFrequentOfLate() {
    table.turn(0);
    table.add("old", 1_000, 0);
    table.add("new", 10, 0);
    assertThat(table.mostFrequent()).isEqualTo("old");
    table.turn(Timing.TURN_NANOS);
    table.add("new", 10, 0);
    assertThat(table.mostFrequent()).as("still in the last half minute").isEqualTo("old");
    table.turn(2 * Timing.TURN_NANOS);
    assertThat(table.mostFrequent()).isEqualTo("new");
    table.turn(4 * Timing.TURN_NANOS);
    assertThat(table.mostFrequent()).isNull();
    assertThat(table.kinds()).extracting(ErrorKind::count).containsExactly(1_000L, 20L);
  }

  @Test
  void newcomersAreOthersUntilAKindIsStale() {
    for (int i = 0; i < ErrorTable.MAX_KINDS; i++) {
      table.add("kind " + (char) ('A' + i), 1, 100 + i);
    }
    table.add("newcomer", 3, 200);
    assertThat(table.others()).isEqualTo(3);
    assertThat(table.kinds()).hasSize(ErrorTable.MAX_KINDS);
    long stale = 100 + ErrorTable.STALE_MILLIS;
    table.add("newcomer", 4, stale - 1);
    assertThat(table.others()).isEqualTo(7);
    table.add("newcomer", 5, stale);
    assertThat(table.others()).as("the oldest kind has joined the others").isEqualTo(8);
    assertThat(table.kinds())
        .hasSize(ErrorTable.MAX_KINDS)
        .contains(new ErrorKind("newcomer", 5, Instant.ofEpochMilli(stale)))
        .noneMatch(kind -> kind.error().equals("kind A"));
    table.add("another", 1, stale);
    assertThat(table.others()).isEqualTo(9);
  }
}
