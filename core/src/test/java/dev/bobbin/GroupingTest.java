package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupingTest {
  private static DeadLetter letter(long number, String reason) {
    return new DeadLetter(
        new JobId(1, number),
        1,
        Instant.EPOCH,
        Instant.ofEpochSecond(number),
        reason,
        Map.of(),
        new byte[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "timed out after 1250 ms, timed out after # ms",
    "user 6f9619ff-8b86-d011-b42d-00cf4fc964ff is gone, user # is gone",
    "no page at 0x7ffE12, no page at #",
    "HTTP 503 from host-12:8080, HTTP # from host-#:#",
    "cafe is closed, cafe is closed",
    "'', ''"
  })
  void numbersDoNotTellErrorsApart(String reason, String error) {
    assertThat(letter(1, reason).error()).isEqualTo(error);
  }

  @Test
  void onlyTheFirstLineCounts() {
    assertThat(letter(1, "a 1\nat line 7").error()).isEqualTo("a #");
    assertThat(letter(1, "a\r\nb").error()).isEqualTo("a");
    assertThat(letter(1, "\nb").error()).isEmpty();
  }

  @Test
  void groupTellsWhenItBeganAndEnded() {
    Grouping grouping = new Grouping();
    List.of(letter(5, "a 1"), letter(3, "a 2"), letter(9, "a 3")).forEach(grouping::add);
    assertThat(grouping.groups())
        .containsExactly(
            new DeadLetterGroup(
                "a #",
                3,
                Instant.ofEpochSecond(3),
                Instant.ofEpochSecond(9),
                new JobId(1, 5),
                false));
  }

  @Test
  void equallyFrequentOnesComeByName() {
    Grouping grouping = new Grouping();
    List.of(letter(1, "b"), letter(2, "a")).forEach(grouping::add);
    assertThat(grouping.groups()).extracting(DeadLetterGroup::error).containsExactly("a", "b");
  }

  @Test
  void rareErrorsAreCountedTogetherAndFrequentOnesKeptWhenThereAreTooMany() {
    Grouping grouping = new Grouping();
    int kinds = 10_000;
    int number = 0;
    for (int i = 0; i < kinds; i++) {
      // Letters, because digits do not count.
      String name = Integer.toString(i, 26).replaceAll("[0-9]", "z$0").replaceAll("[0-9]", "x");
      grouping.add(letter(number++, "rare " + name + "-".repeat(i / 5000)));
      if (i % 10 == 0) {
        grouping.add(letter(number++, "frequent " + i));
      }
    }
    List<DeadLetterGroup> groups = grouping.groups();
    assertThat(groups).hasSize(1001);
    assertThat(groups.get(0).error()).isEqualTo("frequent #");
    assertThat(groups.get(0).count()).isEqualTo(kinds / 10);
    DeadLetterGroup others = groups.get(1000);
    assertThat(others.others()).isTrue();
    assertThat(others.error()).isEmpty();
    assertThat(others.contains(letter(1, ""))).isFalse();
    assertThat(others.firstDiedAt()).isBefore(others.lastDiedAt());
    assertThat(groups.stream().mapToLong(DeadLetterGroup::count).sum()).isEqualTo(number);
  }
}
