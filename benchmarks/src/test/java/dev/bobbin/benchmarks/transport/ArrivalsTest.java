package dev.bobbin.benchmarks.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  @Test
  void countsEachJobOfTheRoundOnce() {
    Arrivals arrivals = new Arrivals(100, 1);
    assertThat(arrivals.add(99)).isFalse();
    assertThat(arrivals.add(100)).isTrue();
    assertThat(arrivals.add(100)).isFalse();
    assertThat(arrivals.add(100 + 5_000_000)).isTrue();
    assertThat(Arrivals.distinct(List.of(arrivals))).isEqualTo(2);
  }

  @Test
  void jobOfAnotherQueueDoesNotCount() {
    Arrivals arrivals = new Arrivals(7, 1000);
    assertThat(arrivals.add(1008)).isFalse();
    assertThat(arrivals.add(1007)).isTrue();
    assertThat(arrivals.add(1007)).isFalse();
    assertThat(arrivals.add(7)).isTrue();
  }

  @Test
  void jobThatTwoWorkersHaveSeenCountsOnce() {
    Arrivals one = new Arrivals(0, 1);
    Arrivals other = new Arrivals(0, 1);
    for (int i = 0; i < 10_000; i++) {
      one.add(i);
      other.add(i + 5_000);
    }
    assertThat(Arrivals.distinct(List.of(one, other))).isEqualTo(15_000);
  }
}
