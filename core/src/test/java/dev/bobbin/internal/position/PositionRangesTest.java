package dev.bobbin.internal.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionRangesTest {

  private final PositionRanges ranges = new PositionRanges();

  @Test
  void isEmptyAtFirst() {
    assertThat(ranges.isEmpty()).isTrue();
    assertThat(ranges.size()).isZero();
    assertThat(ranges.covered()).isZero();
    assertThat(ranges.contains(0)).isFalse();
    assertThat(ranges.firstUncovered(7)).isEqualTo(7);
    assertThat(ranges.nextCovered(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void holdsPositionsFromStartUpToButWithoutEnd() {
    assertThat(ranges.add(10, 20)).isEqualTo(10);

    assertThat(ranges.contains(9)).isFalse();
    assertThat(ranges.contains(10)).isTrue();
    assertThat(ranges.contains(19)).isTrue();
    assertThat(ranges.contains(20)).isFalse();
  }

  @Test
  void mergesRangesThatTouch() {
    ranges.add(10, 20);
    ranges.add(30, 40);
    assertThat(ranges.size()).isEqualTo(2);

    assertThat(ranges.add(20, 30)).isEqualTo(10);

    assertThat(pieces(0, 100)).containsExactly("10-40");
    assertThat(ranges.covered()).isEqualTo(30);
  }

  @Test
  void mergesRangesThatOverlapSeveralOthers() {
    ranges.add(10, 20);
    ranges.add(30, 40);
    ranges.add(50, 60);
    ranges.add(70, 80);

    assertThat(ranges.add(15, 55)).isEqualTo(20);

    assertThat(pieces(0, 100)).containsExactly("10-60", "70-80");
    assertThat(ranges.covered()).isEqualTo(60);
  }

  @Test
  void countsNothingTwice() {
    ranges.add(10, 20);

    assertThat(ranges.add(10, 20)).isZero();
    assertThat(ranges.add(12, 18)).isZero();
    assertThat(ranges.add(5, 25)).isEqualTo(10);
    assertThat(ranges.covered()).isEqualTo(20);
  }

  @Test
  void takesRangesInAnyOrder() {
    ranges.add(50, 60);
    ranges.add(10, 20);
    ranges.add(30, 40);
    ranges.add(0, 5);

    assertThat(pieces(0, 100)).containsExactly("0-5", "10-20", "30-40", "50-60");
  }

  @Test
  void findsTheNextUncoveredAndTheNextCoveredPosition() {
    ranges.add(10, 20);
    ranges.add(30, 40);

    assertThat(ranges.firstUncovered(9)).isEqualTo(9);
    assertThat(ranges.firstUncovered(10)).isEqualTo(20);
    assertThat(ranges.firstUncovered(20)).isEqualTo(20);
    assertThat(ranges.firstUncovered(39)).isEqualTo(40);
    assertThat(ranges.nextCovered(0)).isEqualTo(10);
    assertThat(ranges.nextCovered(15)).isEqualTo(15);
    assertThat(ranges.nextCovered(20)).isEqualTo(30);
    assertThat(ranges.nextCovered(40)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void visitsPiecesClippedAndInOrder() {
    ranges.add(10, 20);
    ranges.add(30, 40);
    ranges.add(50, 60);

    assertThat(pieces(15, 55)).containsExactly("15-20", "30-40", "50-55");
    assertThat(pieces(20, 30)).isEmpty();
    assertThat(pieces(12, 13)).containsExactly("12-13");
    assertThat(pieces(15, 15)).isEmpty();
    assertThat(pieces(18, 12)).isEmpty();
  }

  @Test
  void forgetsWhatIsBelowAPositionAndSplitsTheRangeAcrossIt() {
    ranges.add(10, 20);
    ranges.add(30, 40);

    ranges.removeBelow(35);

    assertThat(pieces(0, 100)).containsExactly("35-40");
    assertThat(ranges.covered()).isEqualTo(5);

    ranges.removeBelow(40);

    assertThat(ranges.isEmpty()).isTrue();
    assertThat(ranges.covered()).isZero();
  }

  @Test
  void canBeClearedAndUsedAgain() {
    ranges.add(10, 20);
    ranges.clear();
    assertThat(ranges.isEmpty()).isTrue();
    assertThat(ranges.covered()).isZero();

    assertThat(ranges.add(15, 16)).isEqualTo(1);
    assertThat(pieces(0, 100)).containsExactly("15-16");
  }

  @Test
  void refusesEmptyAndReversedRanges() {
    assertThatThrownBy(() -> ranges.add(5, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[5, 5)");
    assertThatThrownBy(() -> ranges.add(6, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThat(ranges.isEmpty()).isTrue();
  }

  @Test
  void reachesToTheEndsOfTheNumberLine() {
    ranges.add(Long.MAX_VALUE - 1, Long.MAX_VALUE);
    ranges.add(Long.MIN_VALUE, Long.MIN_VALUE + 1);

    assertThat(ranges.contains(Long.MAX_VALUE - 1)).isTrue();
    assertThat(ranges.contains(Long.MAX_VALUE)).isFalse();
    assertThat(ranges.firstUncovered(Long.MAX_VALUE - 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(ranges.nextCovered(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(ranges.covered()).isEqualTo(2);
  }

  @Test
  void doesNotGrowWhileRangesComeAtTheEndAndGoAtTheFront() {
    for (long i = 0; i < 100_000; i++) {
      ranges.add(i * 16, i * 16 + 8);
      ranges.removeBelow((i - 5) * 16);
    }

    assertThat(ranges.size()).isEqualTo(6);
    assertThat(ranges.capacity()).isEqualTo(16);
  }

  @Test
  void givesItsRoomBackAfterALargeBacklogOfRanges() {
    int many = 1_000_000;
    for (long i = 0; i < many; i++) {
      ranges.add(i * 16, i * 16 + 8);
    }
    assertThat(ranges.size()).isEqualTo(many);
    assertThat(ranges.covered()).isEqualTo(8L * many);
    assertThat(ranges.capacity()).isLessThanOrEqualTo(2 * many);

    ranges.removeBelow((many - 3) * 16L);

    assertThat(ranges.size()).isEqualTo(3);
    assertThat(ranges.capacity()).isLessThanOrEqualTo(1024);
    assertThat(ranges.nextCovered(0)).isEqualTo((many - 3) * 16L);
  }

  @Test
  void mergesAllGapsOfALargeBacklogFromTheFrontAndFromTheEnd() {
    int many = 200_000;
    for (long i = 0; i < many; i++) {
      ranges.add(i * 16, i * 16 + 8);
    }
    for (long i = 0; i < many / 2; i++) {
      ranges.add(i * 16 + 8, i * 16 + 16);
      ranges.add((many - 1 - i) * 16 + 8, (many - i) * 16);
    }

    assertThat(ranges.size()).isEqualTo(1);
    assertThat(ranges.covered()).isEqualTo(16L * many);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithABitSet(long seed) {
    runAgainstModel(seed);
  }

  @Test
  void agreesWithABitSetOnAFreshSeed() {
    runAgainstModel(new Random().nextLong());
  }

  /** Half of the additions come near the moving end, as the queue's do; the others anywhere. */
  private static void runAgainstModel(long seed) {
    Random random = new Random(seed);
    int universe = 1 << (8 + random.nextInt(6));
    long base = random.nextBoolean() ? 0 : random.nextLong() >> 2;
    PositionRanges ranges = new PositionRanges();
    BitSet model = new BitSet(universe);
    int end = 0;
    for (int step = 0; step < 10_000; step++) {
      String where = "seed " + seed + ", step " + step;
      int kind = random.nextInt(100);
      if (kind < 90) {
        int length = 1 + random.nextInt(kind == 0 ? universe / 4 : 6);
        int from = random.nextInt(universe - 1);
        if (kind < 45) {
          end = (end + random.nextInt(12)) % universe;
          from = end;
        }
        int to = Math.min(universe, from + length);
        int before = model.cardinality();
        model.set(from, to);
        assertThat(ranges.add(base + from, base + to))
            .as(where)
            .isEqualTo(model.cardinality() - before);
      } else if (kind < 99) {
        int below = random.nextInt(kind < 92 ? universe : universe / 8);
        model.clear(0, below);
        ranges.removeBelow(base + below);
      } else if (random.nextInt(20) == 0) {
        model.clear();
        ranges.clear();
      }
      checkSums(where, ranges, model);
      checkProbe(where, ranges, model, base, random.nextInt(universe));
      if (step % 16 == 0) {
        int from = random.nextInt(universe);
        int to = random.nextInt(universe + 1);
        assertThat(pieces(ranges, base + from, base + to))
            .as(where)
            .isEqualTo(modelPieces(model, base, from, to));
      }
    }
  }

  private static void checkSums(String where, PositionRanges ranges, BitSet model) {
    assertThat(ranges.covered()).as(where).isEqualTo(model.cardinality());
    assertThat(ranges.isEmpty()).as(where).isEqualTo(model.isEmpty());
  }

  private static void checkProbe(
      String where, PositionRanges ranges, BitSet model, long base, int at) {
    assertThat(ranges.contains(base + at)).as(where).isEqualTo(model.get(at));
    assertThat(ranges.firstUncovered(base + at)).as(where).isEqualTo(base + model.nextClearBit(at));
    int next = model.nextSetBit(at);
    assertThat(ranges.nextCovered(base + at))
        .as(where)
        .isEqualTo(next < 0 ? Long.MAX_VALUE : base + next);
    int count = 0;
    for (int i = model.nextSetBit(0); i >= 0; i = model.nextSetBit(model.nextClearBit(i))) {
      count++;
    }
    assertThat(ranges.size()).as(where).isEqualTo(count);
  }

  private static List<String> modelPieces(BitSet model, long base, int from, int to) {
    List<String> pieces = new ArrayList<>();
    int start = model.nextSetBit(from);
    while (start >= 0 && start < to) {
      int end = model.nextClearBit(start);
      pieces.add((base + start) + "-" + (base + Math.min(end, to)));
      start = model.nextSetBit(end);
    }
    return pieces;
  }

  private static List<String> pieces(PositionRanges ranges, long from, long to) {
    List<String> pieces = new ArrayList<>();
    ranges.forEach(from, to, (start, end) -> pieces.add(start + "-" + end));
    return pieces;
  }

  private List<String> pieces(long from, long to) {
    return pieces(ranges, from, to);
  }
}
