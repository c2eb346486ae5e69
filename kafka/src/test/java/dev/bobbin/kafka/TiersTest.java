package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.RetryPolicy;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TiersTest {
  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void whatIsDueWithinASecondIsInTheFirstTier() {
    assertThat(Tiers.of(-1)).isZero();
    assertThat(Tiers.of(0)).isZero();
    assertThat(Tiers.of(999)).isZero();
    assertThat(Tiers.of(1_000)).isEqualTo(1);
  }

  @Test
  void eachTierHoldsFourTimesAsLongAsTheOneBefore() {
    assertThat(Tiers.holdMillis(1)).isEqualTo(1_000);
    for (int tier = 2; tier < Tiers.COUNT; tier++) {
      assertThat(Tiers.holdMillis(tier)).isEqualTo(4 * Tiers.holdMillis(tier - 1));
    }
  }

  @Test
  void tierHoldsNoJobBeyondItsTimeAndIsTheLongestThatDoesNot() {
    for (int i = 0; i < 100_000; i++) {
      long left = random.nextLong() >>> (1 + random.nextInt(62));
      int tier = Tiers.of(left);
      assertThat(tier).as("seed %d", seed).isBetween(0, Tiers.COUNT - 1);
      if (tier > 0) {
        assertThat(Tiers.holdMillis(tier)).as("seed %d", seed).isLessThanOrEqualTo(left);
      }
      if (tier < Tiers.COUNT - 1) {
        assertThat(Tiers.holdMillis(tier + 1)).as("seed %d", seed).isGreaterThan(left);
      }
    }
  }

  @Test
  void longestDelayNeedsFewSteps() {
    for (int i = 0; i < 10_000; i++) {
      long left = (long) (random.nextDouble() * RetryPolicy.LONGEST.toMillis());
      int steps = 0;
      for (int tier = Tiers.of(left); tier > 0; tier = Tiers.of(left)) {
        left -= Tiers.holdMillis(tier);
        steps++;
      }
      assertThat(steps).as("seed %d", seed).isLessThanOrEqualTo(3 * (Tiers.COUNT - 1));
    }
  }
}
