package dev.bobbin.testkit;

import static dev.bobbin.testkit.Kit.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Creating, closing and opening queues on a disk that has no room. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FullDiskTest {
  private static final QueueOptions OPTIONS = Kit.options().withSubmitTimeout(Duration.ZERO);

  private final TestDisk disk = new TestDisk();

  private static JobQueue<byte[]> queue(TestBobbin bobbin) {
    return bobbin.queue("q", Codec.bytes(), OPTIONS);
  }

  private static Refusal refusal(JobQueue<byte[]> queue) {
    return ((SubmitResult.Refused) queue.trySubmit(new byte[4000])).refusal();
  }

  /** Submits until the disk is full, whatever is written meanwhile; returns how many. */
  private static int submitUntilFull(JobQueue<byte[]> queue) {
    int accepted = 0;
    while (true) {
      SubmitResult result = queue.trySubmit(new byte[4000]);
      if (result.accepted()) {
        accepted++;
      } else if (((SubmitResult.Refused) result).refusal() == Refusal.DISK_FULL) {
        return accepted;
      }
    }
  }

  /** So many that some of them are in the ring only: the journal has no room for them. */
  private static int submitMoreThanFits(JobQueue<byte[]> queue) {
    int accepted = submitUntilFull(queue);
    try {
      // The reserve takes in what was in the ring when the disk got full; then it is full, too.
      while (true) {
        try (var lease = queue.take(20, Duration.ZERO)) {
          lease.forEach(job -> job.retry(Duration.ofHours(1), "not now"));
        }
        queue.sync();
      }
    } catch (RefusedException e) {
      assertThat(e.refusal()).isEqualTo(Refusal.DISK_FULL);
    }
    return accepted;
  }

  @Test
  void closingWithoutRoomIsNoOrderlyCloseAndLosesNothing() {
    int accepted;
    TestBobbin bobbin = TestBobbin.on(disk);
    JobQueue<byte[]> queue = queue(bobbin);
    disk.fill();
    accepted = submitMoreThanFits(queue);
    assertThatThrownBy(bobbin::close)
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("no room for all of it");
    disk.free();
    try (TestBobbin again = TestBobbin.on(disk)) {
      RecoveryReport recovery = queue(again).recovery();
      assertThat(recovery.cleanlyClosed()).isFalse();
      assertThat(recovery.unfinished()).isEqualTo(accepted);
    }
  }

  @Test
  void opensOnAFullDiskAndKeepsProducersOut() {
    int accepted;
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      disk.fill();
      accepted = submitUntilFull(queue);
      disk.processDeath();
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      assertThat(queue.recovery().unfinished()).isEqualTo(accepted);
      assertThat(refusal(queue)).isEqualTo(Refusal.DISK_FULL);
      try (var lease = queue.take(10, LONG)) {
        assertThat(lease.ackAll()).isPositive();
      }
      assertThat(refusal(queue)).isEqualTo(Refusal.DISK_FULL);
      disk.free();
      long deadline = System.nanoTime() + LONG.toNanos();
      while (!queue.trySubmit(new byte[10]).accepted()) {
        assertThat(System.nanoTime() - deadline).isNegative();
        Thread.onSpinWait();
      }
    }
  }

  /** What was left in the ring is written to the reserve; that does not make room for more. */
  @Test
  void producersDoNotGetTheReserve() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      disk.fill();
      submitUntilFull(queue);
      queue.sync();
      for (int i = 0; i < 20; i++) {
        queue.sync();
        assertThat(refusal(queue)).isEqualTo(Refusal.DISK_FULL);
      }
    }
  }

  @Test
  void queueThatCannotBeCreatedIsNotThere() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      int refused = 0;
      for (int files = 0; ; files++, refused++) {
        disk.fillAfter(files);
        try {
          queue(bobbin);
          break;
        } catch (BobbinException e) {
          assertThat(e).hasMessageContaining("no room");
          assertThat(bobbin.queueNames()).isEmpty();
        }
      }
      assertThat(refused).isGreaterThan(1);
    }
  }
}
