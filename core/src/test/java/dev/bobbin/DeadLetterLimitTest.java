package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when there are more dead letters than may be kept. */
@Timeout(120)
class DeadLetterLimitTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5));

  private final List<Thread> workers = new ArrayList<>();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Bobbin bobbin;
  private JobQueue<String> queue;

  @TempDir Path directory;

  private void open(boolean onDisk, DeadLetterLimit limit) {
    open(onDisk, OPTIONS.withDeadLetters(limit));
  }

  private void open(boolean onDisk, QueueOptions options) {
    bobbin = onDisk ? Bobbin.open(directory) : Bobbin.inMemory();
    queue = bobbin.queue("q", Codec.text(), options);
  }

  private void reopen(DeadLetterLimit limit) {
    bobbin.close();
    open(true, limit);
  }

  @AfterEach
  void close() {
    bobbin.close();
  }

  private WorkOptions oneByOne(int count) {
    return WorkOptions.workers(count)
        .batch(1)
        .threadsFrom(
            task -> {
              Thread thread = new Thread(task);
              workers.add(thread);
              return thread;
            });
  }

  private Workers reject(int count) {
    return queue.workBatches(oneByOne(count), batch -> batch.forEach(job -> job.reject("no")));
  }

  private Workers ack() {
    return queue.workBatches(oneByOne(1), batch -> batch.forEach(job -> seen.add(job.payload())));
  }

  private void submit(int from, int to) {
    IntStream.range(from, to).forEach(i -> queue.submit(Integer.toString(i)));
  }

  private List<String> dead() {
    return queue.deadLetters().list(1000).stream()
        .map(letter -> new String(letter.payload(), StandardCharsets.UTF_8))
        .toList();
  }

  private void awaitUnfinished(long count) {
    Crash.await(count + " unfinished", () -> queue.status().unfinished() == count);
  }

  /** Until every worker that was started waits at the turnstile. */
  private void awaitPause() {
    Crash.await(
        "the workers are held back",
        () ->
            workers.stream()
                .allMatch(
                    worker ->
                        Arrays.stream(worker.getStackTrace())
                            .anyMatch(DeadLetterLimitTest::isWait)));
  }

  /** Not any step in it: whoever sets a letter aside closes it, and goes on. */
  private static boolean isWait(StackTraceElement frame) {
    return frame.getClassName().endsWith("Turnstile") && frame.getMethodName().equals("await");
  }

  // The oldest is discarded

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneMoreDiscardsTheOldest(boolean onDisk) {
    open(onDisk, DeadLetterLimit.discardingOldest(3));
    reject(1);
    submit(0, 5);
    awaitUnfinished(0);
    assertThat(dead()).containsExactly("2", "3", "4");
    assertThat(queue.deadLetters().count()).isEqualTo(3);
    assertThat(queue.status().totals().died()).isEqualTo(5);
    if (onDisk) {
      reopen(DeadLetterLimit.discardingOldest(3));
      assertThat(queue.recovery().dead()).isEqualTo(3);
      assertThat(dead()).containsExactly("2", "3", "4");
    }
  }

  @Test
  void lowerLimitIsObeyedWhenTheQueueIsOpened() {
    open(true, DeadLetterLimit.DEFAULT);
    reject(1);
    submit(0, 20);
    awaitUnfinished(0);
    // Each takes up 48 bytes at least; the figures are those of the last cycle that has ended.
    Crash.await("all are in the journal", () -> queue.status().journal().liveBytes() >= 20 * 48);
    long live = queue.status().journal().liveBytes();
    reopen(DeadLetterLimit.discardingOldest(2));
    // Without anything else to do.
    Crash.await("the disk knows", () -> queue.status().journal().liveBytes() < live / 2);
    assertThat(queue.recovery().dead()).isEqualTo(20);
    assertThat(dead()).containsExactly("18", "19");
    reopen(DeadLetterLimit.DEFAULT);
    assertThat(dead()).containsExactly("18", "19");
  }

  @Test
  void endlessDeathsFillNeitherRingNorJournal() {
    open(true, DeadLetterLimit.discardingOldest(100));
    reject(2);
    for (int i = 0; i < 30_000; i++) {
      queue.submit("some job with some text in it, so that it fills the ring soon " + i);
    }
    awaitUnfinished(0);
    assertThat(queue.deadLetters().count()).isEqualTo(100);
    Crash.await("little is live", () -> queue.status().journal().liveBytes() < 256 << 10);
    assertThat(queue.status().failure()).isEmpty();
  }

  // Workers pause

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void workersPauseUntilThereIsRoom(boolean onDisk) throws Exception {
    open(onDisk, DeadLetterLimit.pausingWorkers(3));
    submit(0, 10);
    Workers rejecting = reject(1);
    Crash.await("three dead letters", () -> queue.status().totals().died() == 3);
    awaitPause();
    assertThat(dead()).containsExactly("0", "1", "2");
    assertThat(queue.status().unfinished()).isEqualTo(7);

    // Room for one.
    assertThat(queue.deadLetters().purge(queue.deadLetters().list(1).get(0).id())).isTrue();
    Crash.await("the next is dead", () -> queue.status().totals().died() == 4);
    awaitPause();
    assertThat(dead()).containsExactly("1", "2", "3");

    // The cause is mended.
    rejecting.close();
    workers.clear();
    ack();
    awaitPause();
    assertThat(seen).isEmpty();
    assertThat(queue.deadLetters().retryAll()).isEqualTo(3);
    List<String> acked = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      acked.add(seen.poll(60, TimeUnit.SECONDS));
    }
    assertThat(acked).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9");
    awaitUnfinished(0);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void limitIsExceededByBatchesInHandAtMost() {
    open(false, DeadLetterLimit.pausingWorkers(3));
    reject(4);
    submit(0, 100);
    // Workers that find too much in hand wait at the turnstile, too.
    Crash.await("three dead letters", () -> queue.deadLetters().count() >= 3);
    awaitPause();
    assertThat(queue.deadLetters().count()).isBetween(3L, 3L + 3);
  }

  @Test
  void recoveredQueuePausesBeforeItsFirstBatch() {
    open(true, DeadLetterLimit.DEFAULT);
    Workers rejecting = reject(1);
    submit(0, 5);
    awaitUnfinished(0);
    rejecting.close();
    workers.clear();
    submit(5, 6);
    reopen(DeadLetterLimit.pausingWorkers(5));
    ack();
    awaitPause();
    assertThat(seen).isEmpty();
    queue.deadLetters().purgeAll();
    awaitUnfinished(0);
    assertThat(seen).containsExactly("5");
  }

  /** A letter that waits to be retried lets the workers make the room that it waits for. */
  @Test
  void fullQueueWhoseWorkersPauseTakesItsLettersBack() {
    open(
        false,
        OPTIONS
            .withDeadLetters(DeadLetterLimit.pausingWorkers(1))
            .withLimits(Limits.DEFAULT.withJobs(2)));
    Workers rejecting = reject(1);
    submit(0, 1);
    awaitUnfinished(0);
    awaitPause();
    rejecting.close();
    workers.clear();
    submit(1, 3);
    ack();
    awaitPause();
    assertThat(queue.deadLetters().retryAll()).isEqualTo(1);
    awaitUnfinished(0);
    assertThat(seen).containsExactlyInAnyOrder("0", "1", "2");
  }

  @Test
  void refusedLetterHoldsTheWorkersBackAgain() {
    open(
        false,
        OPTIONS
            .withDeadLetters(DeadLetterLimit.pausingWorkers(1))
            .withLimits(Limits.DEFAULT.withJobs(2))
            .withSubmitTimeout(Duration.ZERO));
    Workers rejecting = reject(1);
    submit(0, 1);
    awaitUnfinished(0);
    rejecting.close();
    workers.clear();
    submit(1, 3);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> queue.deadLetters().retryAll())
        .isInstanceOf(RefusedException.class);
    ack();
    awaitPause();
    assertThat(seen).isEmpty();
    assertThat(dead()).containsExactly("0");
  }

  @Test
  void pausedWorkersStopAndClose() throws Exception {
    open(false, DeadLetterLimit.pausingWorkers(1));
    Workers first = reject(2);
    submit(0, 5);
    awaitPause();
    first.close();
    for (Thread worker : workers) {
      worker.join(60_000);
      assertThat(worker.isAlive()).isFalse();
    }
    workers.clear();
    ack();
    awaitPause();
    queue.close();
    workers.get(0).join(60_000);
    assertThat(workers.get(0).isAlive()).isFalse();
    assertThat(seen).isEmpty();
  }

  @Test
  void interruptDoesNotLetAWorkerPass() {
    open(false, DeadLetterLimit.pausingWorkers(1));
    submit(0, 2);
    reject(1);
    awaitPause();
    workers.get(0).interrupt();
    Crash.await("the interrupt is taken", () -> !workers.get(0).isInterrupted());
    awaitPause();
    assertThat(dead()).containsExactly("0");
  }
}
