package dev.bobbin.internal.delay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class TimerWheelMemoryTest {

  private static final long NOW = 1_700_000_000_123L;
  private static final long YEAR = 365 * 86_400_000L;
  private static final int TEN_MILLION = 10_000_000;
  private static final long MAX_BYTES_PER_ENTRY = 24;
  private static final int ALL = Integer.MAX_VALUE;

  private final SplittableRandom random = new SplittableRandom(7);
  private final TimerWheel wheel = new TimerWheel(NOW);
  private long lastDue = Long.MIN_VALUE;

  @Test
  void holdsTenMillionEntriesOfOneYearInBoundedMemory() {
    fill(i -> NOW + random.nextLong(YEAR));
    assertBounded();

    // Half of them go, and the other half moves down the levels meanwhile.
    expire(NOW + YEAR / 2);
    assertThat(wheel.size()).isBetween(4_900_000L, 5_100_000L);
    assertBounded();

    expire(NOW + YEAR);
    assertThat(wheel.size()).isZero();
    assertThat(wheel.memoryBytes()).isLessThan(4096);
  }

  @Test
  void holdsTenMillionEntriesOfOneMillisecondInBoundedMemory() {
    fill(i -> NOW + 60_000);
    assertBounded();

    expire(NOW + 59_999);
    assertBounded();
    assertThat(wheel.expire(NOW + 60_000, 1000, this::checkOrder)).isEqualTo(1000);
    assertBounded();
  }

  @Test
  void holdsTenMillionLateEntriesInBoundedMemory() {
    fill(i -> NOW - 1 - random.nextLong(YEAR));
    assertBounded();
  }

  @Test
  void givesMemoryBackAfterManyLateEntries() {
    for (int i = 0; i < 500_000; i++) {
      wheel.add(NOW - 1 - random.nextLong(YEAR), i);
    }

    expire(NOW);

    assertThat(wheel.size()).isZero();
    assertThat(wheel.memoryBytes()).isLessThan(4096);
  }

  @Test
  void doesNotGrowWhileEntriesComeAndGo() {
    long now = NOW;
    long afterWarmUp = 0;
    for (int round = 0; round < 200_000; round++) {
      for (int i = 0; i < 10; i++) {
        wheel.add(now + 1 + random.nextLong(2000), i);
      }
      now++;
      expire(now);
      if (round == 20_000) {
        afterWarmUp = wheel.memoryBytes();
      } else if (round > 20_000 && round % 1000 == 0) {
        assertThat(wheel.memoryBytes()).isLessThanOrEqualTo(afterWarmUp + afterWarmUp / 4);
      }
    }
    assertThat(wheel.size()).isBetween(9_000L, 11_000L);
  }

  @Test
  void reusesTheSameMemoryForOneEntryAtATime() {
    for (long i = 1; i <= 1_000_000; i++) {
      wheel.add(NOW + i * 1000, i);
      expire(NOW + i * 1000);
    }

    assertThat(wheel.memoryBytes()).isLessThan(4096);
  }

  private void fill(LongUnaryOperator dueMillis) {
    for (int i = 0; i < TEN_MILLION; i++) {
      wheel.add(dueMillis.applyAsLong(i), i);
    }
    assertThat(wheel.size()).isEqualTo(TEN_MILLION);
  }

  private void expire(long nowMillis) {
    wheel.expire(nowMillis, ALL, this::checkOrder);
  }

  private void checkOrder(long dueMillis, long position) {
    if (dueMillis < lastDue) {
      throw new AssertionError("position " + position + " due " + dueMillis + " after " + lastDue);
    }
    lastDue = dueMillis;
  }

  private void assertBounded() {
    assertThat(wheel.memoryBytes()).isLessThanOrEqualTo(wheel.size() * MAX_BYTES_PER_ENTRY);
  }
}
