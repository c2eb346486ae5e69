package dev.bobbin.testkit;

import static dev.bobbin.testkit.Kit.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.WorkOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What queues do on a disk that is full, broken or slow, end to end. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskFaultsTest {
  private final TestDisk disk = new TestDisk();

  private static JobQueue<byte[]> queue(TestBobbin bobbin) {
    return bobbin.queue("q", Codec.bytes(), noWait());
  }

  private static QueueOptions noWait() {
    return Kit.options().withSubmitTimeout(Duration.ZERO);
  }

  private static byte[] payload(int number) {
    byte[] bytes = new byte[4000];
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    return bytes;
  }

  private static int number(byte[] payload) {
    return (payload[0] & 0xFF) | (payload[1] & 0xFF) << 8;
  }

  /** Submits until the disk has no room; returns how many were accepted. */
  private static int submitUntilFull(JobQueue<byte[]> queue) {
    for (int number = 0; number < 10_000; ) {
      SubmitResult result = queue.trySubmit(payload(number));
      if (result.accepted()) {
        number++;
      } else if (((SubmitResult.Refused) result).refusal() == Refusal.DISK_FULL) {
        return number;
      } else {
        assertThat(((SubmitResult.Refused) result).refusal()).isEqualTo(Refusal.BYTE_LIMIT);
        try {
          queue.sync();
        } catch (RefusedException e) {
          assertThat(e.refusal()).isEqualTo(Refusal.DISK_FULL);
        }
      }
    }
    throw new AssertionError("the disk never got full");
  }

  @Test
  void fullDiskIsTheReasonUntilThereIsRoom() throws Exception {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      disk.fill();
      submitUntilFull(queue);
      long tries = disk.count(DiskOperation.CREATE) + 5;
      while (disk.count(DiskOperation.CREATE) < tries) {
        assertThat(queue.trySubmit(payload(0)))
            .isInstanceOfSatisfying(
                SubmitResult.Refused.class,
                r -> assertThat(r.refusal()).isEqualTo(Refusal.DISK_FULL));
      }
      disk.free();
      CountDownLatch resumed = new CountDownLatch(1);
      Thread producer = new Thread(() -> submitWhenPossible(queue, 0, resumed));
      producer.start();
      assertThat(resumed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      producer.join();
    }
  }

  @Test
  void fullDiskRefusesJobsFinishesWorkAndGoesOnByItself() throws Exception {
    Set<Integer> left = new TreeSet<>();
    int accepted;
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      disk.fill();
      accepted = submitUntilFull(queue);
      assertThat(accepted).isGreaterThan(100);
      for (int number = 0; number < accepted; number++) {
        left.add(number);
      }
      assertThatThrownBy(() -> queue.submit(payload(0)))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.DISK_FULL));
      try (var lease = queue.take(50, Duration.ZERO)) {
        assertThat(lease.size()).isPositive();
        lease.forEach(
            job -> {
              assertThat(job.ack()).isTrue();
              left.remove(number(job.payload()));
            });
      }
      assertThat(queue.status().failure()).isEmpty();

      disk.free();
      CountDownLatch resumed = new CountDownLatch(1);
      Thread producer = new Thread(() -> submitWhenPossible(queue, accepted, resumed));
      producer.start();
      assertThat(resumed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      producer.join();
      left.add(accepted);
      queue.sync();
      disk.machineDeath((file, offset) -> false);
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      List<Integer> found = new ArrayList<>();
      Kit.takeAll(queue(bobbin)).forEach(bytes -> found.add(number(bytes)));
      assertThat(found).containsExactlyInAnyOrderElementsOf(left);
    }
  }

  @Test
  void openingOnAFullDiskNamesTheDisksOwnError() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      // Room for what the queue is, for its ring, and for no segment.
      disk.fillAfter(2);
      assertThatThrownBy(() -> queue(bobbin))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("no room for another segment")
          .hasRootCauseMessage("No space left on device (TestDisk)");
      disk.free();
      queue(bobbin).submit(payload(1));
    }
  }

  /** Asks again and again, as a producer does that is refused; nothing else wakes the queue. */
  private static void submitWhenPossible(
      JobQueue<byte[]> queue, int number, CountDownLatch resumed) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!queue.trySubmit(payload(number)).accepted()) {
      if (System.nanoTime() - deadline > 0) {
        return;
      }
      Thread.onSpinWait();
    }
    resumed.countDown();
  }

  @Test
  void failedForceStopsTheQueueAndCoversNothing() {
    Throwable cause;
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      queue.submit(payload(1));
      queue.sync();
      disk.failNext(DiskOperation.FORCE);
      queue.submit(payload(2));
      RefusedException refused = catchThrowableOfType(RefusedException.class, () -> queue.sync());
      assertThat(refused.refusal()).isEqualTo(Refusal.FAILED);
      assertThat(refused).hasCauseInstanceOf(java.io.IOException.class);
      assertThatThrownBy(() -> queue.submit(payload(3)))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.FAILED));
      assertThatThrownBy(queue::sync).isInstanceOf(RefusedException.class);
      cause = queue.status().failure().orElseThrow();
      assertThat(cause).hasMessageContaining("FORCE");
      long forces = disk.count(DiskOperation.FORCE);
      assertThatThrownBy(bobbin::close).isInstanceOf(BobbinException.class).hasRootCause(cause);
      assertThat(disk.count(DiskOperation.FORCE)).isEqualTo(forces);
    }
    // The ring survived the process, so both are there, and now on the disk.
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      assertThat(queue.recovery().unfinished()).isEqualTo(2);
      disk.machineDeath((file, offset) -> false);
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      assertThat(Kit.takeAll(queue(bobbin)).stream().map(DiskFaultsTest::number))
          .containsExactly(1, 2);
    }
  }

  /**
   * What was written may have left the ring before the force that failed, so a job that nobody had
   * promised may be gone; what was promised is there, and the queue goes on.
   */
  @Test
  void whatAFailedForceGaveUpAndTheSystemForgotIsCutOff() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      queue.submit(payload(1));
      queue.sync();
      disk.failNext(DiskOperation.FORCE);
      queue.submit(payload(2));
      assertThatThrownBy(queue::sync).isInstanceOf(RefusedException.class);
      disk.processDeath();
    }
    disk.forget();
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      assertThat(queue.recovery().unfinished()).isBetween(1L, 2L);
      queue.submit(payload(3));
      queue.sync();
      disk.machineDeath((file, offset) -> false);
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      assertThat(Kit.takeAll(queue(bobbin)).stream().map(DiskFaultsTest::number)).contains(1, 3);
    }
  }

  @Test
  void failedWriteStopsItsQueueAndNoOther() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> broken = queue(bobbin);
      JobQueue<String> other = bobbin.queue("other", Codec.text(), noWait());
      disk.failNext(DiskOperation.WRITE);
      broken.submit(payload(1));
      assertThatThrownBy(broken::sync).isInstanceOf(RefusedException.class);
      other.submit("job");
      other.sync();
      assertThat(Kit.takeAll(other)).containsExactly("job");
      assertThat(other.status().failure()).isEmpty();
      assertThatThrownBy(bobbin::close).isInstanceOf(BobbinException.class);
    }
  }

  /** Invariant 13, when the queue that a handler submitted to fails before its job is forced. */
  @Test
  void ackWaitsForAJobThatAFailedQueueCouldNotForce() {
    QueueOptions onlyWhenAsked = noWait().withFlushInterval(Duration.ofSeconds(10));
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> parents = bobbin.queue("parents", Codec.text(), onlyWhenAsked);
      JobQueue<String> children = bobbin.queue("children", Codec.text(), onlyWhenAsked);
      parents.submit("parent");
      parents.sync();
      try (var lease = parents.take(1, Duration.ZERO)) {
        children.submit("child");
        lease.ackAll();
      }
      disk.failNext(DiskOperation.WRITE);
      assertThatThrownBy(children::sync).isInstanceOf(RefusedException.class);
      for (int i = 0; i < 3; i++) {
        parents.submit("other");
        parents.sync();
      }
      assertThatThrownBy(children::close).isInstanceOf(BobbinException.class);
      parents.close();
      disk.machineDeath((file, offset) -> false);
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      List<String> left =
          new ArrayList<>(Kit.takeAll(bobbin.queue("parents", Codec.text(), onlyWhenAsked)));
      left.addAll(Kit.takeAll(bobbin.queue("children", Codec.text(), onlyWhenAsked)));
      assertThat(left).containsAnyOf("parent", "child");
    }
  }

  @Test
  void jobsGoOnWhileAForceHangs() throws Exception {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> slow = queue(bobbin);
      JobQueue<String> other = bobbin.queue("other", Codec.text(), noWait());
      other.submit("later", Duration.ofMinutes(1));
      other.sync();
      disk.hold(DiskOperation.FORCE);
      slow.submit(payload(1));
      disk.awaitHeld(DiskOperation.FORCE, LONG);
      other.work(2, text -> {});
      for (int i = 0; i < 100; i++) {
        other.submit("now");
      }
      assertThat(slow.trySubmit(payload(2)).accepted()).isTrue();
      bobbin.advance(Duration.ofMinutes(1));
      assertThat(other.awaitIdle(LONG)).isTrue();
      assertThat(other.status().totals().acked()).isEqualTo(101);
      assertThat(Kit.takeAll(slow)).hasSize(2);
      disk.heal();
      slow.sync();
    }
  }

  /** The cycle that makes room for them comes only when the force ends. */
  @Test
  void deadLettersKeepTheirReasonsThoughAForceHangs() throws Exception {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      disk.hold(DiskOperation.FORCE);
      int jobs = 0;
      while (queue.trySubmit(payload(jobs)).accepted()) {
        jobs++;
      }
      disk.awaitHeld(DiskOperation.FORCE, LONG);
      String reason = "too long a reason. ".repeat(40);
      queue.workBatches(WorkOptions.workers(1), batch -> batch.forEach(job -> job.reject(reason)));
      // Longer than anybody waits for room who does not know why there is none.
      Thread.sleep(2_500);
      disk.heal();
      assertThat(queue.awaitIdle(LONG)).isTrue();
      assertThat(queue.deadLetters().list(jobs))
          .hasSize(jobs)
          .allSatisfy(letter -> assertThat(letter.reason()).isEqualTo(reason));
    }
  }

  @Test
  void syncWaitsForASlowForce() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      disk.stall(DiskOperation.FORCE, Duration.ofMillis(30));
      queue.submit(payload(1));
      long began = System.nanoTime();
      queue.sync();
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(30_000_000);
    }
  }

  @Test
  void opensAgainAfterAnyOperationOfOpeningHasFailed() {
    int failures = 0;
    for (DiskOperation operation : DiskOperation.values()) {
      for (int nth = 1; survivesFailureAt(new TestDisk(), operation, nth); nth++) {
        failures++;
      }
    }
    assertThat(failures).isGreaterThan(5);
  }

  /** Whether opening met the error; nothing is lost either way. */
  private static boolean survivesFailureAt(TestDisk disk, DiskOperation operation, int nth) {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      queue.submit(payload(1));
      queue.submit(payload(2), Duration.ofHours(1));
      queue.sync();
      disk.processDeath();
    }
    boolean failed = false;
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      disk.failNth(operation, nth);
      try {
        queue(bobbin);
      } catch (BobbinException e) {
        failed = true;
      }
      disk.heal();
      disk.processDeath();
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<byte[]> queue = queue(bobbin);
      bobbin.advance(Duration.ofHours(1));
      assertThat(Kit.takeAll(queue)).as("%s %d", operation, nth).hasSize(2);
    }
    return failed;
  }
}
