package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CopiesTest {
  private static final int MANY = 5_000;

  private final Copies copies = new Copies();

  private static long id(long number) {
    return number * 8;
  }

  @Test
  void jobWithOneCopyIsNotDoubled() {
    LongStream.rangeClosed(1, MANY).forEach(n -> copies.add(id(n)));
    assertThat(copies.hasDoubled()).isFalse();
    assertThat(copies.doubled()).isEmpty();
    assertThat(LongStream.rangeClosed(1, MANY)).noneMatch(n -> copies.isDoubled(id(n)));
  }

  @Test
  void jobsWithTwoCopiesAreDoubledHoweverManyThereAre() throws Exception {
    LongStream.rangeClosed(1, MANY).forEach(n -> copies.add(id(n)));
    // The last first: they have to be put in order.
    List<Long> twice = LongStream.range(1, MANY / 50).mapToObj(n -> id(MANY - n * 50)).toList();
    twice.forEach(copies::add);
    copies.lookForOriginals(RecoveryStepsTest.journal().extents());
    assertThat(copies.hasDoubled()).isTrue();
    assertThat(copies.doubled()).isSorted().containsExactlyInAnyOrder(twice.toArray(Long[]::new));
    assertThat(LongStream.rangeClosed(1, MANY))
        .allMatch(n -> copies.isDoubled(id(n)) == twice.contains(id(n)));
  }
}
