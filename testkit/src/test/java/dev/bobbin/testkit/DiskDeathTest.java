package dev.bobbin.testkit;

import static dev.bobbin.testkit.Kit.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.LeasedJob;
import dev.bobbin.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What deaths leave on a {@link TestDisk}. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskDeathTest {
  private static final DiskLuck NONE = (file, offset) -> false;
  private final TestDisk disk = new TestDisk();

  private static JobQueue<String> queue(TestBobbin bobbin) {
    return bobbin.queue("q", Codec.text(), Kit.options());
  }

  private List<String> left() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      return Kit.takeAll(queue(bobbin));
    }
  }

  /** Jobs that the disk holds back from the journal. */
  private TestBobbin withUnforced(String payload) throws InterruptedException {
    TestBobbin bobbin = TestBobbin.on(disk);
    JobQueue<String> queue = queue(bobbin);
    disk.hold(DiskOperation.WRITE);
    queue.submit(payload);
    disk.awaitHeld(DiskOperation.WRITE, LONG);
    return bobbin;
  }

  @Test
  void processDeathLosesNothing() throws Exception {
    try (TestBobbin bobbin = withUnforced("job")) {
      assertThat(bobbin.now()).isNotNull();
      disk.processDeath();
      disk.heal();
      assertThat(left()).containsExactly("job");
    }
  }

  @Test
  void machineDeathLosesWhatNoForceCovered() throws Exception {
    try (TestBobbin bobbin = withUnforced("job")) {
      assertThat(bobbin.now()).isNotNull();
      disk.machineDeath(NONE);
      disk.heal();
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void machineDeathLeavesWhatSyncPromised() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> queue = queue(bobbin);
      queue.submit("job");
      queue.sync();
      disk.machineDeath(NONE);
    }
    assertThat(left()).containsExactly("job");
  }

  /**
   * What recovery found was only written, perhaps; it must be forced before more is built on it.
   */
  @Test
  void machineDeathLeavesWhatRecoveryFound() throws Exception {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> queue = queue(bobbin);
      queue.submit("one");
      queue.sync();
      disk.hold(DiskOperation.FORCE);
      queue.submit("two");
      disk.awaitHeld(DiskOperation.FORCE, LONG);
      disk.processDeath();
      disk.heal();
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      assertThat(queue(bobbin).recovery().unfinished()).isEqualTo(2);
      disk.machineDeath(NONE);
    }
    assertThat(left()).containsExactly("one", "two");
  }

  @Test
  void delayedJobSurvivesWithItsDueTime() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> queue = queue(bobbin);
      queue.submit("later", Duration.ofHours(1));
      queue.sync();
      bobbin.advance(Duration.ofMinutes(30));
      disk.machineDeath(NONE);
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(Kit.takeAll(queue)).isEmpty();
      bobbin.advance(Duration.ofMinutes(30));
      assertThat(Kit.takeAll(queue)).containsExactly("later");
    }
  }

  @Test
  void deadMachineReachesItsDiskNoMore() {
    try (TestBobbin before = TestBobbin.on(disk)) {
      JobQueue<String> old = queue(before);
      disk.processDeath();
      try (TestBobbin after = TestBobbin.on(disk)) {
        JobQueue<String> now = queue(after);
        try {
          old.submit("ghost");
        } catch (dev.bobbin.RefusedException e) {
          // It has noticed already.
        }
        now.submit("real");
        now.sync();
        assertThat(Kit.takeAll(now)).containsExactly("real");
      }
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void diskHasOneOwner() {
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      assertThat(bobbin.queueNames()).isEmpty();
      assertThatThrownBy(() -> TestBobbin.on(disk)).hasMessageContaining("in use");
    }
    TestBobbin.on(disk).close();
  }

  /** Invariant 13: what a handler submitted is on the disk no later than the ack of its own job. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void chainsHoldOverAnyMachineDeath(long seed) {
    int jobs = 40;
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> first = queue(bobbin);
      JobQueue<String> second = bobbin.queue("second", Codec.text(), Kit.options());
      for (int i = 0; i < jobs; i++) {
        first.submit("job " + i);
      }
      first.sync();
      int done = new Random(seed).nextInt(jobs);
      try (var lease = first.take(done + 1, Duration.ZERO)) {
        for (LeasedJob<String> job : lease) {
          second.submit(job.payload());
          job.ack();
        }
        if (seed % 2 == 0) {
          first.sync();
        }
        disk.machineDeath(seed);
      }
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      Set<String> left = new TreeSet<>(Kit.takeAll(queue(bobbin)));
      left.addAll(Kit.takeAll(bobbin.queue("second", Codec.text(), Kit.options())));
      assertThat(left).as("seed %d", seed).hasSize(jobs);
    }
  }

  @Test
  void jobThatTakesTheProcessDownEachTimeEndsAsADeadLetter() throws Exception {
    for (int crash = 0; crash <= RetryPolicy.DEFAULT.maxCrashes(); crash++) {
      CountDownLatch inHand = new CountDownLatch(1);
      CountDownLatch dead = new CountDownLatch(1);
      try (TestBobbin bobbin = TestBobbin.on(disk)) {
        JobQueue<String> queue = queue(bobbin);
        if (crash == 0) {
          queue.submit("poison");
          queue.sync();
        }
        queue.work(
            1,
            payload -> {
              inHand.countDown();
              dead.await();
            });
        assertThat(inHand.await(LONG.toSeconds(), TimeUnit.SECONDS)).as("%d", crash).isTrue();
        disk.processDeath();
        dead.countDown();
      }
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(Kit.takeAll(queue)).isEmpty();
      assertThat(queue.deadLetters().list(10)).hasSize(1);
    }
  }

  /** Invariants 1, 2 and 3 over any mixture of what was forced and what was only written. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void nothingSyncedIsLostOverAnyMachineDeath(long seed) {
    Random random = new Random(seed);
    Set<String> promised = new TreeSet<>();
    Set<String> submitted = new TreeSet<>();
    List<String> acked = new ArrayList<>();
    for (int life = 0; life < 4; life++) {
      try (TestBobbin bobbin = TestBobbin.on(disk)) {
        JobQueue<String> queue = queue(bobbin);
        for (int i = 0; i < 20; i++) {
          String payload = life + "-" + i + " ".repeat(random.nextInt(2000));
          queue.submit(payload);
          submitted.add(payload.strip());
          promised.add(payload.strip());
        }
        queue.sync();
        String unsynced = life + "-unsynced";
        queue.submit(unsynced);
        submitted.add(unsynced);
        try (var lease = queue.take(1 + random.nextInt(10), Duration.ZERO)) {
          for (LeasedJob<String> job : lease) {
            if (random.nextBoolean()) {
              acked.add(job.payload().strip());
              job.ack();
            } else {
              job.retry(Duration.ofHours(1), "again");
            }
          }
        }
        if (random.nextBoolean()) {
          disk.machineDeath(random.nextLong());
        } else {
          disk.processDeath();
        }
      }
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      bobbin.advance(Duration.ofHours(1));
      List<String> left = new ArrayList<>();
      Kit.takeAll(queue(bobbin)).forEach(payload -> left.add(payload.strip()));
      promised.removeAll(acked);
      assertThat(left).as("seed %d", seed).containsAll(promised).doesNotHaveDuplicates();
      assertThat(submitted).as("seed %d", seed).containsAll(left);
    }
  }
}
