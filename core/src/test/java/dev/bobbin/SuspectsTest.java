package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that were in a worker's hand when the process died. */
@Timeout(120)
class SuspectsTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofSeconds(10))
          .withRetry(RetryPolicy.DEFAULT.crashes(2));

  @TempDir Path scratch;
  private int deaths;

  private static JobQueue<String> open(Bobbin bobbin) {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /**
   * Opens {@code directory}, lets a worker take batches until it gets one with "poison" in it, and
   * returns what the death of the process in that moment leaves.
   */
  private Path dieWithPoisonInHand(Path directory, List<List<String>> batches)
      throws InterruptedException {
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch dead = new CountDownLatch(1);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = open(bobbin);
      queue.workBatches(
          WorkOptions.workers(1),
          batch -> {
            List<String> payloads = new ArrayList<>();
            batch.forEach(job -> payloads.add(job.payload()));
            batches.add(payloads);
            if (payloads.contains("poison")) {
              inHand.countDown();
              dead.await();
            }
          });
      assertThat(inHand.await(60, TimeUnit.SECONDS)).isTrue();
      Path left = Crash.processDeath(directory, scratch.resolve("dead" + deaths++));
      dead.countDown();
      return left;
    }
  }

  private Path submitted(String... payloads) {
    Path live = scratch.resolve("live");
    try (Bobbin bobbin = Bobbin.open(live)) {
      open(bobbin).submitAll(List.of(payloads));
      return Crash.processDeath(live, scratch.resolve("submitted"));
    }
  }

  @Test
  void jobThatTakesTheProcessDownEachTimeBecomesADeadLetter() throws InterruptedException {
    Path directory = submitted("a", "poison", "b");
    List<List<String>> first = new ArrayList<>();
    directory = dieWithPoisonInHand(directory, first);
    assertThat(first).containsExactly(List.of("a", "poison", "b"));
    List<List<String>> second = new ArrayList<>();
    directory = dieWithPoisonInHand(directory, second);
    assertThat(second).as("suspects come alone").startsWith(List.of("a"), List.of("poison"));
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = open(bobbin);
      assertThat(queue.recovery().suspects()).isEqualTo(1);
      assertThat(queue.recovery().dead()).as("not yet").isZero();
    }
    List<List<String>> third = new ArrayList<>();
    directory = dieWithPoisonInHand(directory, third);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = open(bobbin);
      assertThat(queue.deadLetters().list(10))
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.payload()).isEqualTo("poison".getBytes());
                assertThat(letter.reason()).contains("the process died 3 times");
                assertThat(letter.attempts()).as("a crash is no failure").isEqualTo(1);
              });
      assertThat(Crash.take(queue, (int) queue.recovery().unfinished()))
          .as("the innocent are done")
          .extracting(Crash.Delivered::payload)
          .isSubsetOf("a", "b");
    }
  }

  @Test
  void orderlyCloseMakesNobodySuspect() {
    Path live = scratch.resolve("live");
    try (Bobbin bobbin = Bobbin.open(live)) {
      JobQueue<String> queue = open(bobbin);
      queue.submitAll(List.of("a", "b", "c"));
      Crash.take(queue, 3);
      queue.submit("d");
    }
    try (Bobbin bobbin = Bobbin.open(live)) {
      JobQueue<String> queue = open(bobbin);
      assertThat(queue.recovery().suspects()).isZero();
      assertThat(queue.recovery().ready()).isEqualTo(1);
    }
  }

  @Test
  void jobsThatNobodyHeldAreNotSuspect() throws InterruptedException {
    Path directory = dieWithPoisonInHand(submitted("poison"), new ArrayList<>());
    try (Bobbin bobbin = Bobbin.open(directory)) {
      open(bobbin).submitAll(List.of("x", "y"));
    }
    List<List<String>> batches = new ArrayList<>();
    directory = dieWithPoisonInHand(directory, batches);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThat(open(bobbin).recovery().suspects()).as("the poison alone").isEqualTo(1);
    }
  }

  @Test
  void recoveryThatDiesAmongSuspectsKeepsEachOnce() throws InterruptedException {
    Path directory = dieWithPoisonInHand(submitted("a", "poison", "b"), new ArrayList<>());
    byte[] ring = Crash.read(Crash.ring(directory));
    Path again;
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThat(open(bobbin).recovery().suspects()).isEqualTo(3);
      again = Crash.processDeath(directory, scratch.resolve("again"));
    }
    // Killed before the slots were cleared: they name the originals, which are finished.
    Crash.write(Crash.ring(again), 0, ring);
    try (Bobbin bobbin = Bobbin.open(again)) {
      JobQueue<String> queue = open(bobbin);
      assertThat(queue.recovery().suspects()).isZero();
      assertThat(queue.recovery().unfinished()).isEqualTo(3);
      assertThat(Crash.take(queue, 3)).hasSize(3);
    }
  }
}
