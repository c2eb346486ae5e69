package dev.bobbin.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Verdict;
import dev.bobbin.Verdict.Kind;
import dev.bobbin.internal.watch.Watch.View;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When samples are taken, and what is kept of them. */
class WatchTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Watch watch = new Watch();
  private int samples;
  private boolean paused;

  WatchTest() {
    watch.begin(sample(0));
  }

  private Sample sample(long nanos) {
    return new Sample(
        nanos,
        nanos / 1_000_000,
        new Sample.Flow(0, 0, 0, 0, 0, 0, 0, 0),
        new Sample.Room(Long.MAX_VALUE, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE, 0, 0, 0),
        new Sample.Disk(false, 0, 0, 0),
        List.of(),
        paused,
        false,
        null,
        null);
  }

  private View sampleAt(long nanos, boolean urgent) {
    return watch.sample(
        nanos,
        urgent,
        (now, flushes, error) -> {
          samples++;
          return sample(now);
        });
  }

  @Test
  void samplesAreTakenOnceASecondOrWhenItIsUrgent() {
    View first = sampleAt(SECOND / 10, false);
    assertThat(sampleAt(SECOND, false)).isSameAs(first);
    assertThat(samples).isEqualTo(1);
    sampleAt(SECOND / 10 + Watch.INTERVAL_NANOS, false);
    assertThat(samples).isEqualTo(2);
    sampleAt(SECOND / 10 + Watch.INTERVAL_NANOS + 1, true);
    assertThat(samples).isEqualTo(3);
  }

  @Test
  void historyKeepsTheLast64VerdictsAndTheOneInForceLast() {
    for (int i = 1; i <= 200; i++) {
      paused = i % 2 == 0;
      sampleAt(i * 2 * SECOND, false);
      sampleAt(i * 2 * SECOND + SECOND, false);
    }
    List<Verdict> history = watch.lastView().history();
    assertThat(history).hasSize(64);
    assertThat(history.get(63).kind()).isEqualTo(Kind.PAUSED);
    assertThat(history.get(62).kind()).isEqualTo(Kind.HEALTHY);
    assertThat(history.get(63).since().toEpochMilli()).isEqualTo(400_000);
    assertThat(history.get(0).since().toEpochMilli()).isEqualTo(274_000);
  }

  @Test
  void lambdasGoByTheClassTheyAreWrittenIn() {
    Runnable lambda = () -> {};
    assertThat(Crew.name(lambda.getClass())).isEqualTo(WatchTest.class.getName() + " (lambda)");
    assertThat(Crew.name(WatchTest.class)).isEqualTo(WatchTest.class.getName());
  }

  @Test
  void timesOfAGroupThatHasEndedStay() {
    GroupGauge group = watch.crew.group(WatchTest.class, SECOND);
    WorkerGauge one = group.worker();
    WorkerGauge other = group.worker();
    group.launched();
    one.took(10, SECOND, 3);
    assertThat(watch.crew.groups(3 * SECOND).get(0).longestNanos()).isEqualTo(2 * SECOND);
    assertThat(watch.crew.groups(3 * SECOND).get(0).idle()).isEqualTo(1);
    one.handled(10, 20_000);
    one.idle();
    other.took(5, SECOND, 4);
    other.handled(5, 5_000);
    other.idle();
    group.exited();
    assertThat(watch.crew.groups(0).get(0).workers()).isEqualTo(1);
    assertThat(watch.crew.groups(0).get(0).idle()).isEqualTo(1);
    group.exited();
    assertThat(watch.crew.groups(0)).isEmpty();
    assertThat(watch.crew.handlerTimes().count()).isEqualTo(15);
    assertThat(watch.crew.waits().count()).isEqualTo(15);
  }

  @Test
  void flushThatLastsCountsAsSlowBeforeItEnds() {
    FlushGauge flushes = watch.flushes;
    long before = System.nanoTime();
    flushes.begin();
    assertThat(flushes.slowNanos(before + FlushGauge.SLOW_NANOS / 2)).isZero();
    assertThat(flushes.slowNanos(System.nanoTime() + 10 * SECOND)).isGreaterThan(9 * SECOND);
    flushes.pause();
    flushes.end(true);
    long after = System.nanoTime();
    assertThat(flushes.slowNanos(after + 10 * SECOND))
        .as("it was as short as it was")
        .isLessThanOrEqualTo(after - before < FlushGauge.SLOW_NANOS ? 0 : after - before);
  }
}
