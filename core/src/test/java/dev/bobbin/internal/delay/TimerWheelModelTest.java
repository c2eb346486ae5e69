package dev.bobbin.internal.delay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on a wheel and on a priority queue, which must agree entry by entry. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class TimerWheelModelTest {

  private static final int STEPS = 20_000;

  private record Entry(long dueMillis, long position) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void agreesWithAPriorityQueue(long seed) {
    new Run(seed).go();
  }

  @Test
  void agreesWithAPriorityQueueOnAFreshSeed() {
    new Run(new Random().nextLong()).go();
  }

  private static final class Run {
    final long seed;
    final Random random;
    final int largestSpanBits;
    // Positions grow as entries are added, so this is also the order of adding.
    final PriorityQueue<Entry> model =
        new PriorityQueue<>(
            Comparator.comparingLong(Entry::dueMillis).thenComparingLong(Entry::position));
    final TimerWheel wheel;
    long now;
    long nextPosition;
    String where = "";

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      // Runs of short spans see the wheel run empty time and again.
      this.largestSpanBits = 10 + random.nextInt(41);
      this.now = random.nextBoolean() ? 1_700_000_000_000L : random.nextLong() >> 3;
      this.wheel = new TimerWheel(now);
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        where = "seed " + seed + ", step " + step;
        int kind = random.nextInt(10);
        if (kind < 6) {
          add(now + span() * (random.nextInt(20) == 0 ? -1 : 1));
        } else {
          moveClock();
          expire(random.nextInt(4) == 0 ? random.nextInt(5) : Integer.MAX_VALUE);
        }
        check();
      }
      drain();
    }

    /** Any order of magnitude, from nothing to a second in some runs, to 36,000 years in others. */
    long span() {
      return random.nextLong() >>> (64 - random.nextInt(1, largestSpanBits + 1));
    }

    void moveClock() {
      int kind = random.nextInt(100);
      if (kind < 80) {
        now += random.nextInt(kind < 75 ? 200 : 2000);
      } else if (kind < 90) {
        now = Math.max(now, wheel.nextDueMillis() == Long.MAX_VALUE ? now : wheel.nextDueMillis());
      } else if (kind < 95) {
        now += span() >>> 12;
      } else {
        now -= random.nextInt(kind < 98 ? 100 : 100_000);
      }
    }

    void add(long dueMillis) {
      Entry entry = new Entry(dueMillis, nextPosition++);
      model.add(entry);
      wheel.add(entry.dueMillis(), entry.position());
    }

    void expire(int max) {
      int delivered = wheel.expire(now, max, this::checkNext);
      boolean more = !model.isEmpty() && model.element().dueMillis() <= now;
      assertThat(delivered == max || !more).as(where + ", due ones left").isTrue();
      assertThat(delivered).as(where).isLessThanOrEqualTo(max);
    }

    void checkNext(long dueMillis, long position) {
      assertThat(new Entry(dueMillis, position)).as(where).isEqualTo(model.poll());
      assertThat(dueMillis).as(where).isLessThanOrEqualTo(now);
    }

    void check() {
      assertThat(wheel.size()).as(where).isEqualTo(model.size());
      long next = wheel.nextDueMillis();
      if (model.isEmpty()) {
        assertThat(next).as(where).isEqualTo(Long.MAX_VALUE);
      } else {
        assertThat(next).as(where).isLessThanOrEqualTo(model.element().dueMillis());
      }
    }

    /** Sleeps from one bound to the next, as the wheel's owner does, until nothing is left. */
    void drain() {
      long wakeUps = 0;
      long limit = 12L * model.size() + 1;
      while (!model.isEmpty()) {
        now = Math.max(now, wheel.nextDueMillis());
        expire(3);
        assertThat(++wakeUps).as(where + ", wake-ups").isLessThanOrEqualTo(limit);
      }
      assertThat(wheel.size()).as(where).isZero();
    }
  }
}
