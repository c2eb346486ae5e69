package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What producers add is counted, whoever they are. */
@Timeout(120)
class TallyTest {
  private static final int PRODUCERS = 90;
  private static final int JOBS = 20_000;

  private final Tally tally = new Tally();

  private static void add(FrameWriter writer, Tally to, int jobs) {
    for (int i = 0; i < jobs; i++) {
      writer.countIn(to);
    }
  }

  @Test
  void producersThatAddOftenGetASeatOthersShare() {
    FrameWriter writer = new FrameWriter();
    add(writer, tally, Tally.JOBS_BEFORE_SEAT - 1);
    assertThat(tally.seats()).isZero();
    add(writer, tally, 1_000);
    assertThat(tally.seats()).isEqualTo(1);
    assertThat(tally.sum()).isEqualTo(Tally.JOBS_BEFORE_SEAT - 1 + 1_000);
  }

  @Test
  void manyProducersAtOnceAreCountedAndSeatsAreBounded() throws Exception {
    CountDownLatch seated = new CountDownLatch(PRODUCERS);
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      Thread thread =
          new Thread(
              () -> {
                FrameWriter writer = new FrameWriter();
                add(writer, tally, JOBS / 2);
                seated.countDown();
                try {
                  // Nobody ends before all have had the chance to sit down.
                  seated.await();
                } catch (InterruptedException e) {
                  return;
                }
                add(writer, tally, JOBS / 2);
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(tally.sum()).isEqualTo((long) PRODUCERS * JOBS);
    assertThat(tally.seats()).isEqualTo(Tally.SEATS);
  }

  @Test
  void seatsOfThreadsThatEndedAreUsedAgain() throws Exception {
    for (int i = 0; i < 10; i++) {
      Thread thread = new Thread(() -> add(new FrameWriter(), tally, 1_000));
      thread.start();
      thread.join();
    }
    assertThat(tally.seats()).isEqualTo(1);
    assertThat(tally.sum()).isEqualTo(10_000);
  }

  @Test
  void producerThatGoesToAnotherQueueGivesItsSeatBack() {
    Tally other = new Tally();
    FrameWriter writer = new FrameWriter();
    add(writer, tally, 1_000);
    add(writer, other, 1_000);
    FrameWriter second = new FrameWriter();
    add(second, tally, 1_000);
    add(writer, tally, 1_000);
    assertThat(tally.seats()).as("given back once, then a second one").isEqualTo(2);
    assertThat(tally.sum()).isEqualTo(3_000);
    assertThat(other.sum()).isEqualTo(1_000);
  }

  @Test
  void producerThatAlternatesNeedsNoSeat() {
    Tally other = new Tally();
    FrameWriter writer = new FrameWriter();
    for (int i = 0; i < 1_000; i++) {
      writer.countIn(tally);
      writer.countIn(other);
    }
    assertThat(tally.seats() + other.seats()).isZero();
    assertThat(tally.sum() + other.sum()).isEqualTo(2_000);
  }
}
