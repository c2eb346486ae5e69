package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is woken by whom, and that nobody who sleeps is forgotten. */
@Timeout(120)
class DoorbellTest {
  /** Whether the I/O thread's announcement stood, at each of its wake-ups. */
  private final List<Boolean> ioWakes = new ArrayList<>();

  private final Doorbell doorbell = new Doorbell(this::ioIsWoken);

  private void ioIsWoken() {
    ioWakes.add(doorbell.ioIsWaiting());
  }

  /** A worker that finds nothing to do, asleep. */
  private Thread sleeper() {
    Thread worker = new Thread(() -> doorbell.awaitWork(() -> false));
    worker.start();
    Crash.await("the worker sleeps", () -> worker.getState() == Thread.State.WAITING);
    return worker;
  }

  private static void assertEnds(Thread worker) throws InterruptedException {
    worker.join(60_000);
    assertThat(worker.isAlive()).isFalse();
  }

  private static void assertOneEnds(Thread one, Thread other) {
    Crash.await("one wakes", () -> !one.isAlive() || !other.isAlive());
    assertThat(one.isAlive()).isNotEqualTo(other.isAlive());
  }

  @Test
  void nobodyWaitsAndNobodyIsWoken() {
    assertThat(doorbell.ioIsWaiting()).isFalse();
    doorbell.ring();
    assertThat(ioWakes).isEmpty();
  }

  /**
   * Once before its announcement is taken back, on which other producers rely, and once after it,
   * for an I/O thread that has announced itself again in between.
   */
  @Test
  void ioThreadIsWokenBeforeAndAfterItsAnnouncementIsTakenBack() {
    doorbell.ioWaits();
    assertThat(doorbell.ioIsWaiting()).isTrue();
    doorbell.ring();
    assertThat(ioWakes).containsExactly(true, false);
    doorbell.ring();
    assertThat(ioWakes).as("one announcement, one answer").hasSize(2);
  }

  @Test
  void workersWaitIsNoneOfTheIoThread() {
    doorbell.awaitWork(() -> true);
    assertThat(doorbell.ioIsWaiting()).isFalse();
    doorbell.ring();
    assertThat(ioWakes).isEmpty();
  }

  /** A ring takes the announcement of all back; the worker that it wakes renews it for the rest. */
  @Test
  void eachRingWakesOneWorker() throws Exception {
    Thread one = sleeper();
    Thread other = sleeper();
    doorbell.ring();
    assertOneEnds(one, other);
    doorbell.ring();
    assertEnds(one);
    assertEnds(other);
  }

  @Test
  void wakeUpIsPassedOnToOneWorkerAtATime() throws Exception {
    doorbell.wakeAnother();
    Thread one = sleeper();
    Thread other = sleeper();
    doorbell.wakeAnother();
    assertOneEnds(one, other);
    doorbell.wakeAnother();
    assertEnds(one);
    assertEnds(other);
  }

  @Test
  void closingWakesEveryWorker() throws Exception {
    Thread one = sleeper();
    Thread other = sleeper();
    doorbell.wakeAllWorkers();
    assertEnds(one);
    assertEnds(other);
  }

  /** A wake-up is for somebody who sleeps, not for one who was woken and has yet to leave. */
  @Test
  void workerThatWasWokenWithAllDoesNotSwallowTheNextWakeUp() throws Exception {
    Thread[] late = new Thread[1];
    doorbell.awaitWork(
        () -> {
          doorbell.wakeAllWorkers();
          late[0] = sleeper();
          doorbell.ring();
          return true;
        });
    assertEnds(late[0]);
  }

  @Test
  void waitWithATimeLastsThatLongWhateverElseUnparksTheThread() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(60);
    LockSupport.unpark(Thread.currentThread());
    long began = System.nanoTime();
    doorbell.awaitWork(() -> false, nanos);
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(nanos);
  }

  @Test
  void workerThatWaitsForATimeSleepsUntilItIsWoken() throws Exception {
    Thread worker = new Thread(() -> doorbell.awaitWork(() -> false, TimeUnit.HOURS.toNanos(1)));
    worker.start();
    Crash.await("the worker sleeps", () -> worker.getState() == Thread.State.TIMED_WAITING);
    doorbell.ring();
    assertEnds(worker);
  }

  @Test
  void interruptEndsTheWaitAndStaysSet() throws Exception {
    boolean[] interrupted = {false};
    Thread worker =
        new Thread(
            () -> {
              doorbell.awaitWork(() -> false);
              interrupted[0] = Thread.currentThread().isInterrupted();
            });
    worker.start();
    worker.interrupt();
    assertEnds(worker);
    assertThat(interrupted[0]).isTrue();
  }
}
