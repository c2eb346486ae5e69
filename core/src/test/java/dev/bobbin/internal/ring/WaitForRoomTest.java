package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for room: who wakes those who wait, how soon, and what is left of their time. */
@Timeout(120)
class WaitForRoomTest extends OneRing {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  /** A waiter that nobody wakes looks again after this time. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int FRAME_BYTES = 1040;

  private volatile long left;

  private void fill() {
    while (submit(1000) != Ring.NO_ROOM) {
      // Each takes some.
    }
  }

  /** Takes every job before the first is finished: nothing is unread when space comes back. */
  private void takeAll() {
    List<Long> ends = new ArrayList<>();
    while (!take(256, CAPACITY).isEmpty()) {
      claim.forEachRange((from, to) -> ends.addAll(List.of(from, to)));
    }
    reader.release();
    for (int i = 0; i < ends.size(); i += 2) {
      window.finish(ends.get(i), ends.get(i + 1));
    }
  }

  private void await() {
    try {
      left = window.awaitRoom(FRAME_BYTES, false, HOUR);
    } catch (InterruptedException e) {
      left = Long.MIN_VALUE;
    }
  }

  private Thread waiter() {
    Thread waiter = new Thread(this::await);
    waiter.start();
    awaitSleep(waiter);
    return waiter;
  }

  private static void awaitSleep(Thread waiter) {
    Crash.await("the producer waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);
  }

  private static void assertEnds(Thread waiter) throws InterruptedException {
    waiter.join(60_000);
    assertThat(waiter.isAlive()).isFalse();
  }

  /**
   * The best of several rounds, so that a slow machine does no harm; a waiter that has to find out
   * by itself takes a whole slice in each.
   */
  private void assertIsWokenBy(Runnable full, Runnable give) throws InterruptedException {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 50 && best >= SLICE_NANOS; round++) {
      full.run();
      long began = System.nanoTime();
      Thread waiter = waiter();
      give.run();
      assertEnds(waiter);
      best = Math.min(best, System.nanoTime() - began);
      window.refuse(false);
      window.allow(() -> Long.MAX_VALUE);
      takeAll();
    }
    assertThat(best).isLessThan(SLICE_NANOS);
    assertThat(left).isPositive();
  }

  @Test
  void wokenWhenEveryJobIsTakenAndFinished() throws Exception {
    assertIsWokenBy(this::fill, this::takeAll);
  }

  @Test
  void wokenWhenAnEighthOfTheRingIsFreeThoughJobsAreUnread() throws Exception {
    assertIsWokenBy(
        this::fill,
        () -> {
          assertThat(take(100, CAPACITY)).isNotEmpty();
          finishClaim();
          assertThat(ring.hasUnread()).isTrue();
        });
  }

  /** However little a small allowance leaves, it is all there will be. */
  @Test
  void wokenUnderASmallAllowanceWhenNothingIsUnread() throws Exception {
    assertIsWokenBy(
        () -> {
          window.allow(() -> CAPACITY / 16);
          fill();
        },
        this::takeAll);
  }

  @Test
  void wokenByALargerAllowance() throws Exception {
    assertIsWokenBy(() -> window.allow(() -> 0), () -> window.allow(() -> Long.MAX_VALUE));
  }

  @Test
  void wokenByARingThatRefusesAndToldWhatIsLeft() throws Exception {
    assertIsWokenBy(this::fill, () -> window.refuse(true));
  }

  @Test
  void wokenWhenWhatWorkersHaveInHandIsWritten() throws Exception {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    assertIsWokenBy(
        () -> {
          fill();
          while (!take(256, CAPACITY).isEmpty()) {
            reader.release();
          }
          sweep.drain();
          sweep.takeEnd();
          sweep.advance((memory, offset, length, position, kind) -> true);
        },
        sweep::written);
  }

  @Test
  void waiterIsSeenUntilItHasItsRoom() throws Exception {
    fill();
    assertThat(window.isAwaited()).isFalse();
    Thread waiter = waiter();
    assertThat(window.isAwaited()).isTrue();
    takeAll();
    assertEnds(waiter);
    assertThat(window.isAwaited()).isFalse();
  }

  @Test
  void whatIsLeftOfAWaitIsTheTimeThatWasNotWaited() throws Exception {
    fill();
    long began = System.nanoTime();
    Thread waiter = waiter();
    for (int i = 0; i < 20; i++) {
      // Wakes it for nothing.
      window.refuse(false);
      awaitSleep(waiter);
    }
    takeAll();
    assertEnds(waiter);
    assertThat(left).isBetween(HOUR - (System.nanoTime() - began), HOUR);
  }

  @Test
  void nobodyWaitsForARingThatRefuses() throws Exception {
    window.refuse(true);
    assertThat(window.awaitRoom(FRAME_BYTES, false, HOUR)).isEqualTo(HOUR);
  }

  @Test
  void retryGetsRoomOfARingThatRefuses() throws Exception {
    window.refuse(true);
    writer.delayed(new byte[32 << 10], 0, 0);
    assertThat(ring.appendReserved(writer)).isEqualTo(Ring.NO_ROOM);
    assertThat(window.awaitRoom(writer.alignedLength(), true, HOUR)).isPositive();
    assertThat(ring.appendReserved(writer)).isNotEqualTo(Ring.NO_ROOM);
  }
}
