package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever finds the lock taken looks for a moment, and then sleeps until it is free. */
@Timeout(60)
class BriefLockTest {
  private final BriefLock lock = new BriefLock();
  private int count;

  @Test
  void oneAtATime() throws Exception {
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(() -> count(100_000));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(count).isEqualTo(threads.length * 100_000);
  }

  private void count(int times) {
    for (int i = 0; i < times; i++) {
      lock.lock();
      try {
        count++;
      } finally {
        lock.unlock();
      }
    }
  }

  @Test
  void whoeverWaitsForLongSleepsAndGetsIt() throws Exception {
    CountDownLatch got = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              lock.lock();
              lock.unlock();
              got.countDown();
            });
    lock.lock();
    try {
      other.start();
      while (other.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(got.getCount()).isOne();
    } finally {
      lock.unlock();
    }
    assertThat(got.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void holderTakesItAgain() {
    lock.lock();
    lock.lock();
    assertThat(lock.getHoldCount()).isEqualTo(2);
    lock.unlock();
    lock.unlock();
    assertThat(lock.isLocked()).isFalse();
  }
}
