package dev.bobbin.internal.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class TimerWheelTest {

  private static final long NOW = 1_700_000_000_123L;
  private static final long DAY = 86_400_000L;
  private static final int ALL = Integer.MAX_VALUE;

  private final TimerWheel wheel = new TimerWheel(NOW);

  @Test
  void isEmptyAtFirst() {
    assertThat(wheel.size()).isZero();
    assertThat(wheel.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(expire(NOW + DAY, ALL)).isEmpty();
  }

  @Test
  void deliversInOrderOfDueTimes() {
    wheel.add(NOW + 70, 1);
    wheel.add(NOW + 5000, 2);
    wheel.add(NOW + 3, 3);
    wheel.add(NOW + 300_000, 4);
    wheel.add(NOW + 69, 5);

    assertThat(expire(NOW + 300_000, ALL)).containsExactly(3L, 5L, 1L, 2L, 4L);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void deliversNothingBeforeItsTime() {
    wheel.add(NOW + 1000, 1);

    assertThat(expire(NOW + 999, ALL)).isEmpty();
    assertThat(wheel.size()).isEqualTo(1);
    assertThat(expire(NOW + 1000, ALL)).containsExactly(1L);
    assertThat(expire(NOW + 1000, ALL)).isEmpty();
  }

  @Test
  void keepsTheOrderOfAddingWithinAMillisecond() {
    List<Long> added = new ArrayList<>();
    for (long position = 0; position < 500; position++) {
      long unordered = position * 7919 % 500;
      wheel.add(NOW + 5000, unordered);
      added.add(unordered);
      // The clock moves on meanwhile, so that the entries come to their slot by different ways.
      expire(NOW + position * 9, ALL);
    }

    assertThat(expire(NOW + 5000, ALL)).containsExactlyElementsOf(added);
  }

  @Test
  void takesEntriesOfThePastAsDueAtOnceTheOldestFirst() {
    wheel.add(NOW, 1);
    wheel.add(NOW - 5, 2);
    wheel.add(NOW - 400 * DAY, 3);
    wheel.add(Long.MIN_VALUE, 4);
    wheel.add(NOW - 5, 5);

    assertThat(wheel.nextDueMillis()).isEqualTo(Long.MIN_VALUE);
    assertThat(expire(NOW, ALL)).containsExactly(4L, 3L, 2L, 5L, 1L);
  }

  @Test
  void ordersOverdueEntriesInItsSlotsWhenItsTimeBeginsEarly() {
    TimerWheel restarted = new TimerWheel(0);
    List<Long> positions = new ArrayList<>();
    restarted.add(NOW - DAY, 2);
    restarted.add(NOW - 9 * DAY, 1);
    restarted.add(NOW + 1, 3);

    assertThat(restarted.nextDueMillis()).isLessThanOrEqualTo(NOW - 9 * DAY);
    restarted.expire(NOW, ALL, (due, position) -> positions.add(position));

    assertThat(positions).containsExactly(1L, 2L);
    assertThat(restarted.size()).isEqualTo(1);
  }

  @Test
  void reportsTheDueTimeThatWasAdded() {
    wheel.add(NOW - 7, 1);
    wheel.add(NOW + 70_001, 2);
    List<Long> dues = new ArrayList<>();

    wheel.expire(NOW + DAY, ALL, (due, position) -> dues.add(due));

    assertThat(dues).containsExactly(NOW - 7, NOW + 70_001);
  }

  @Test
  void holdsAnyDueTimeThereIs() {
    TimerWheel ancient = new TimerWheel(Long.MIN_VALUE);
    ancient.add(Long.MAX_VALUE, 5);
    ancient.add(0, 4);
    ancient.add(-1, 3);
    ancient.add(Long.MIN_VALUE, 1);
    ancient.add(Long.MIN_VALUE + 1, 2);
    List<Long> positions = new ArrayList<>();

    assertThat(ancient.expire(-1, ALL, (due, position) -> positions.add(position))).isEqualTo(3);
    assertThat(ancient.expire(Long.MAX_VALUE - 1, ALL, (due, p) -> positions.add(p))).isEqualTo(1);
    assertThat(ancient.expire(Long.MAX_VALUE, ALL, (due, p) -> positions.add(p))).isEqualTo(1);
    assertThat(positions).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void stepsOverEmptyYearsAtOnce() {
    long millennium = 365_000 * DAY;
    for (int i = 1; i <= 1000; i++) {
      wheel.add(NOW + i * millennium, i);
      assertThat(expire(NOW + i * millennium - 1, ALL)).isEmpty();
      assertThat(expire(NOW + i * millennium, ALL)).containsExactly((long) i);
    }
  }

  @Test
  void deliversAtMostWhatWasAskedForAndTheRestLater() {
    for (long i = 0; i < 1000; i++) {
      wheel.add(NOW + i / 100, i);
      wheel.add(NOW - 1 - i / 100, -i);
    }

    List<Long> all = new ArrayList<>();
    for (int rounds = 0; wheel.size() > 0; rounds++) {
      assertThat(rounds).isLessThan(300);
      List<Long> some = expire(NOW + 20, 7);
      assertThat(some).hasSizeBetween(1, 7);
      all.addAll(some);
    }

    assertThat(all).hasSize(2000);
    for (int i = 0; i < 1000; i++) {
      assertThat(all.get(1000 + i)).isEqualTo(i);
    }
  }

  @Test
  void takesNewEntriesWhileDueOnesRemain() {
    wheel.add(NOW + 10, 1);
    wheel.add(NOW + 10, 2);
    wheel.add(NOW + 20, 3);
    assertThat(expire(NOW + 30, 1)).containsExactly(1L);

    wheel.add(NOW + 10, 4);
    wheel.add(NOW + 5, 5);
    wheel.add(NOW + 15, 6);

    assertThat(expire(NOW + 30, ALL)).containsExactly(5L, 2L, 4L, 6L, 3L);
  }

  @Test
  void deliversNothingWhenAskedForNothing() {
    wheel.add(NOW, 1);

    assertThat(expire(NOW, 0)).isEmpty();
    assertThat(wheel.size()).isEqualTo(1);
    assertThatThrownBy(() -> expire(NOW, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void waitsWhenTheClockStepsBack() {
    wheel.add(NOW + 5000, 1);
    wheel.add(NOW + 8000, 2);
    assertThat(expire(NOW + 6000, ALL)).containsExactly(1L);

    assertThat(expire(NOW - DAY, ALL)).isEmpty();
    wheel.add(NOW - DAY + 1000, 3);
    wheel.add(NOW + 5500, 4);
    assertThat(wheel.nextDueMillis()).isEqualTo(NOW - DAY + 1000);
    // A retry that asked for a second's pause must get it, or it would burn its attempts at once.
    assertThat(expire(NOW - DAY + 999, ALL)).isEmpty();
    assertThat(expire(NOW - DAY + 1000, ALL)).containsExactly(3L);
    assertThat(expire(NOW, ALL)).isEmpty();

    assertThat(expire(NOW + DAY, ALL)).containsExactly(4L, 2L);
  }

  @Test
  void waitsWhenTheClockStepsBackAmidAMillisecond() {
    wheel.add(NOW + 10, 1);
    wheel.add(NOW + 10, 2);
    assertThat(expire(NOW + 10, 1)).containsExactly(1L);

    assertThat(expire(NOW + 9, ALL)).isEmpty();
    assertThat(expire(NOW + 10, ALL)).containsExactly(2L);
  }

  @Test
  void followsTheClockBackWhenEmpty() {
    expire(NOW + 400 * DAY, ALL);
    expire(NOW, ALL);

    wheel.add(NOW + 10 * DAY, 1);

    // The bound is a slot's start, which shows that the entry is not in the heap of late ones.
    assertThat(wheel.nextDueMillis()).isBetween(NOW, NOW + 10 * DAY - 1);
    assertThat(expire(NOW + 10 * DAY, ALL)).containsExactly(1L);
  }

  @Test
  void keepsItsTimeWhileALateEntryIsLeft() {
    expire(NOW + DAY, ALL);
    wheel.add(NOW + 2000, 2);

    expire(NOW, ALL);
    wheel.add(NOW + 1000, 1);

    assertThat(expire(NOW + DAY, ALL)).containsExactly(1L, 2L);
  }

  @Test
  void tellsAnExactTimeForTheLowestLevel() {
    long base = NOW & -64L;
    TimerWheel aligned = new TimerWheel(base);
    aligned.add(base + 41, 1);

    assertThat(aligned.nextDueMillis()).isEqualTo(base + 41);
  }

  @Test
  void reachesAFarEntryInAFewWakeUpsThatEachMakeProgress() {
    long due = NOW + 5000 * DAY + 1234;
    wheel.add(due, 1);
    int wakeUps = 0;
    long now = NOW;
    while (wheel.size() > 0) {
      long next = wheel.nextDueMillis();
      assertThat(next).isBetween(now, due);
      now = next;
      expire(now, ALL);
      assertThat(++wakeUps).isLessThanOrEqualTo(11);
    }

    assertThat(now).isEqualTo(due);
  }

  @Test
  void keepsAnEntryWhoseSinkFailed() {
    wheel.add(NOW - 1, 1);
    wheel.add(NOW + 1, 2);
    TimerWheel.Sink failing =
        (due, position) -> {
          throw new IllegalArgumentException("planned");
        };

    assertThatThrownBy(() -> wheel.expire(NOW + 1, ALL, failing)).hasMessage("planned");
    assertThat(wheel.size()).isEqualTo(2);
    assertThat(expire(NOW, ALL)).containsExactly(1L);
    assertThatThrownBy(() -> wheel.expire(NOW + 1, ALL, failing)).hasMessage("planned");
    assertThat(expire(NOW + 1, ALL)).containsExactly(2L);
  }

  @Test
  void refusesASinkThatCallsBack() {
    wheel.add(NOW, 1);

    assertThatThrownBy(() -> wheel.expire(NOW, ALL, wheel::add))
        .isInstanceOf(IllegalStateException.class);
    assertThat(expire(NOW, ALL)).containsExactly(1L);
  }

  private List<Long> expire(long nowMillis, int max) {
    List<Long> positions = new ArrayList<>();
    int delivered = wheel.expire(nowMillis, max, (due, position) -> positions.add(position));
    assertThat(delivered).isEqualTo(positions.size());
    return positions;
  }
}
