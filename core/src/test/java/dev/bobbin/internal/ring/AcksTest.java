package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.position.PositionRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class AcksTest {
  private final Acks acks = new Acks();

  private static List<Long> covered(PositionRanges ranges) {
    List<Long> pieces = new ArrayList<>();
    ranges.forEach(
        0,
        Long.MAX_VALUE,
        (from, to) -> {
          pieces.add(from);
          pieces.add(to);
        });
    return pieces;
  }

  @Test
  void nothingIsEmpty() {
    assertThat(acks.isEmpty()).isTrue();
    assertThat(acks.merge().isEmpty()).isTrue();
  }

  @Test
  void rangesComeOutSortedAndMerged() {
    acks.add(40, 48);
    acks.add(8, 16);
    acks.add(16, 24);
    acks.add(32, 40);
    acks.add(100, 108);
    assertThat(acks.isEmpty()).isFalse();
    assertThat(covered(acks.merge())).containsExactly(8L, 24L, 32L, 48L, 100L, 108L);
  }

  @Test
  void moreCanComeAfterALook() {
    acks.add(40, 48);
    acks.add(8, 16);
    acks.merge();
    acks.add(16, 40);
    assertThat(covered(acks.merge())).containsExactly(8L, 48L);
  }

  @RepeatedTest(20)
  void coversWhatPiecesInAnyOrderCover() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PositionRanges expected = new PositionRanges();
    for (int i = 0; i < 3_000; i++) {
      long from = random.nextInt(20_000);
      long to = from + 1 + random.nextInt(12);
      expected.add(from, to);
      acks.add(from, to);
    }
    assertThat(covered(acks.merge())).as("seed %d", seed).isEqualTo(covered(expected));
  }
}
