package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void beginsWithABurstAndFillsAtItsRate() {
    TokenBucket bucket = new TokenBucket(10, 5, 0);
    assertThat(bucket.take(100, 0)).isEqualTo(5);
    assertThat(bucket.take(1, 0)).isZero();
    assertThat(bucket.nanosToNext(0)).isEqualTo(SECOND / 10);
    assertThat(bucket.take(1, SECOND / 10 - 1)).isZero();
    assertThat(bucket.take(1, SECOND / 10)).isEqualTo(1);
    assertThat(bucket.take(100, SECOND / 2)).isEqualTo(4);
  }

  @Test
  void neverHoldsMoreThanItsBurst() {
    TokenBucket bucket = new TokenBucket(10, 5, 0);
    assertThat(bucket.take(100, 1_000 * SECOND)).isEqualTo(5);
    bucket.giveBack(3);
    bucket.giveBack(30);
    assertThat(bucket.take(100, 1_000 * SECOND)).isEqualTo(5);
  }

  @Test
  void givesOutNoMoreThanItsRateOverTime() {
    for (double rate : new double[] {0.5, 3, 333.3, 1e6, 3e7}) {
      TokenBucket bucket = new TokenBucket(rate, 1, 0);
      long taken = 0;
      long now = 0;
      while (now < 20 * SECOND && taken < 100_000) {
        taken += bucket.take(Integer.MAX_VALUE, now);
        now += Math.max(1, bucket.nanosToNext(now));
      }
      double expected = 1 + rate * now / SECOND;
      assertThat((double) taken).isBetween(expected * 0.9 - 2, expected + 1);
    }
  }

  @Test
  void clockThatStandsStillGivesNothingNew() {
    TokenBucket bucket = new TokenBucket(10, 1, SECOND);
    assertThat(bucket.take(1, SECOND)).isEqualTo(1);
    assertThat(bucket.take(1, 0)).isZero();
    assertThat(bucket.take(1, SECOND)).isZero();
  }
}
