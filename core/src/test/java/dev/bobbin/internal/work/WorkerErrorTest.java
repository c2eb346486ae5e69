package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors that come from a worker itself and not from its handler: no memory, a broken mapping. */
@Timeout(120)
class WorkerErrorTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Bobbin bobbin = Bobbin.inMemory();
  private final JobQueue<String> queue =
      bobbin.queue("q", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));
  private final AtomicInteger turns = new AtomicInteger();

  /** How many of its first batches a worker meets its error on. */
  private int failures = 1;

  @AfterEach
  void close() {
    bobbin.close();
  }

  /** Where the worker meets its error. */
  private enum At {
    BEFORE_BATCH_IS_IN_HAND,
    WITH_THE_BATCH_IN_HAND,
    WHILE_IT_REPORTS
  }

  /** Acks what it gets, but for its error. */
  private final class Failing extends Worker {
    private final At at;
    private final Throwable error;
    private Delivery batch = new Delivery(0, 0);

    Failing(WorkerGroup group, At at, Throwable error) {
      super(group);
      this.at = at;
      this.error = error;
    }

    @Override
    void handle(Taker taken) {
      boolean first = turns.getAndIncrement() < failures;
      failAt(first, At.BEFORE_BATCH_IS_IN_HAND);
      Delivery loaded = taken.loaded();
      batch = loaded == null ? taken.copied() : loaded;
      begin();
      hold.loaded();
      failAt(first, At.WITH_THE_BATCH_IN_HAND);
      hold.progress(batch.size());
      if (end()) {
        settle(first && at == At.WHILE_IT_REPORTS ? broken() : List.of());
      }
    }

    private void failAt(boolean first, At here) {
      if (first && at == here) {
        Failing.<RuntimeException>sneak(error);
      }
    }

    @SuppressWarnings("unchecked") // the type is not there at run time
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
      throw (E) thrown;
    }

    /** A list that throws when it is looked at. */
    private List<Unacked> broken() {
      return new java.util.AbstractList<>() {
        @Override
        public Unacked get(int index) {
          Failing.<RuntimeException>sneak(error);
          throw new AssertionError();
        }

        @Override
        public int size() {
          return 1;
        }
      };
    }

    @Override
    TakeBack takenFrom(Taker taken, int progress) {
      TakeBack back = new TakeBack(desk, batch.bytes(), batch.size());
      back.openAll(batch);
      return back;
    }

    @Override
    void renewBuffers() {
      batch = new Delivery(0, 0);
    }
  }

  private WorkerGroup start(At at, Throwable error) {
    WorkerGroup group =
        WorkerGroup.of(
            Inside.desk(queue),
            "q",
            WorkOptions.workers(1),
            Object.class,
            g -> new Failing(g, at, error));
    group.launch(ended -> {});
    return group;
  }

  private void expectRecovery(At at) {
    queue.submitAll(List.of("a", "b", "c"));
    long began = System.nanoTime();
    try (WorkerGroup group = start(at, new OutOfMemoryError("for a moment"))) {
      assertThat(group.size()).isEqualTo(1);
      assertThat(queue.awaitIdle(LONG)).isTrue();
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(Worker.RESTART_NANOS);
    }
    assertThat(queue.status().failure()).isEmpty();
    assertThat(queue.status().totals().acked()).isEqualTo(3);
    assertThat(queue.status().unfinished()).isZero();
    assertThat(Inside.counters(queue).leasesLost.sum()).isZero();
  }

  @Test
  void batchGoesBackAndTheWorkerBeginsAgain() {
    expectRecovery(At.BEFORE_BATCH_IS_IN_HAND);
  }

  @Test
  void batchInHandGoesBackToo() {
    expectRecovery(At.WITH_THE_BATCH_IN_HAND);
  }

  @Test
  void othersGetTheBatchWithoutWaiting() throws Exception {
    // Whenever it begins again before it is stopped.
    failures = Integer.MAX_VALUE;
    queue.submitAll(List.of("a", "b", "c"));
    try (WorkerGroup group = start(At.WITH_THE_BATCH_IN_HAND, new OutOfMemoryError())) {
      Crash.await("the error", () -> turns.get() > 0);
      group.stop();
      int got = 0;
      while (got < 3) {
        Lease<String> lease = queue.take(9, LONG);
        assertThat(lease).extracting(LeasedJob::attempt).containsOnly(1);
        got += lease.ackAll();
      }
    }
    assertThat(queue.status().unfinished()).isZero();
  }

  @Test
  void workerThatWaitsAfterItsErrorIsIdle() {
    // Whenever it begins again before the pause.
    failures = Integer.MAX_VALUE;
    queue.submitAll(List.of("a", "b", "c"));
    try (WorkerGroup group = start(At.WITH_THE_BATCH_IN_HAND, new OutOfMemoryError())) {
      Crash.await("the error", () -> turns.get() > 0);
      // It gets nothing any more that would have it begin and end another batch.
      Inside.desk(queue).pause(true);
      Crash.await("its jobs go on", () -> queue.status().counts().ready() == 3);
      Crash.await("an idle worker", () -> queue.status().workers().idle() == 1);
      assertThat(queue.status().workers().longestInHand()).isZero();
      assertThat(group.size()).isEqualTo(1);
    }
  }

  @Test
  void errorWhileOutcomesAreReportedStopsTheQueue() {
    queue.submitAll(List.of("a", "b", "c"));
    try (WorkerGroup group = start(At.WHILE_IT_REPORTS, new IllegalStateException("half done"))) {
      assertThat(group.size()).isEqualTo(1);
      Crash.await("the queue stops", () -> queue.status().failure().isPresent());
    }
    assertThatThrownBy(() -> queue.take(1, LONG)).hasMessageContaining("half done");
    assertThatThrownBy(queue::close).hasMessageContaining("half done");
  }

  @Test
  void brokenMappingStopsTheQueue() {
    queue.submitAll(List.of("a", "b", "c"));
    try (WorkerGroup group =
        start(At.BEFORE_BATCH_IS_IN_HAND, new InternalError("a fault occurred in the mapping"))) {
      assertThat(group.size()).isEqualTo(1);
      Crash.await("the queue stops", () -> queue.status().failure().isPresent());
    }
    assertThatThrownBy(queue::close).hasMessageContaining("mapping");
  }

  /** Nothing that waits for a stopped queue's workers waits for ever. */
  @Test
  void stoppedQueueHandsNothingOut() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Inside.fail(queue, new java.io.IOException("disk gone"));
    queue.work(2, payload -> handled.incrementAndGet());
    assertThat(queue.awaitIdle(Duration.ofMillis(1))).isFalse();
    assertThatThrownBy(() -> queue.submit("a")).hasMessageContaining("disk gone");
    TimeUnit.MILLISECONDS.sleep(20);
    assertThat(handled.get()).isZero();
    assertThatThrownBy(queue::close).hasMessageContaining("disk gone");
  }
}
