package dev.bobbin.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.bobbin.QueueStatus.Percentiles;
import org.junit.jupiter.api.Test;

/** What is recorded, and for how long it counts. */
class TimingTest {
  private final Timing timing = new Timing();
  private final Recording recording = new Recording();

  private Percentiles collected() {
    recording.collect(timing);
    return timing.percentiles(1);
  }

  @Test
  void nothingRecordedIsNothing() {
    assertThat(collected()).isEqualTo(Percentiles.NONE);
  }

  @Test
  void percentilesAreRightToOnePartInAHundred() {
    for (int i = 1; i <= 10_000; i++) {
      recording.record(i * 1_000L, 1);
    }
    Percentiles percentiles = collected();
    assertThat(percentiles.count()).isEqualTo(10_000);
    assertThat(percentiles.p50().toNanos()).isCloseTo(5_000_000L, withinPercentage(1));
    assertThat(percentiles.p99().toNanos()).isCloseTo(9_900_000L, withinPercentage(1));
    assertThat(percentiles.max().toNanos()).isCloseTo(10_000_000L, withinPercentage(1));
  }

  @Test
  void batchCountsForEachOfItsJobs() {
    recording.record(10, 98);
    recording.record(1_000, 2);
    Percentiles percentiles = collected();
    assertThat(percentiles.count()).isEqualTo(100);
    assertThat(percentiles.p50().toNanos()).isEqualTo(10);
    assertThat(percentiles.p99().toNanos()).isCloseTo(1_000L, withinPercentage(1));
  }

  @Test
  void whatIsOlderThanTwoTurnsIsForgotten() {
    timing.turn(0);
    recording.record(5, 1);
    assertThat(collected().count()).isEqualTo(1);
    timing.turn(Timing.TURN_NANOS);
    recording.record(7, 2);
    assertThat(collected().count()).isEqualTo(3);
    timing.turn(2 * Timing.TURN_NANOS - 1);
    assertThat(collected().count()).isEqualTo(3);
    timing.turn(2 * Timing.TURN_NANOS);
    assertThat(collected().count()).isEqualTo(2);
    timing.turn(5 * Timing.TURN_NANOS);
    assertThat(collected().count()).isZero();
  }

  @Test
  void absurdTimesAreTaken() {
    recording.record(-5, 1);
    recording.record(Long.MAX_VALUE, 1);
    assertThat(collected().count()).isEqualTo(2);
  }
}
