package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Batch;
import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Job;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.QueueStatus;
import dev.bobbin.QueueStatus.Counts;
import dev.bobbin.QueueStatus.Totals;
import dev.bobbin.RetryPolicy;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The status while everything moves: no job is missed, and no count is negative. */
@Timeout(300)
class StatusConsistencyTest {
  private static final int PRODUCERS = 2;
  private static final int JOBS_EACH = 8_000;
  private static final int ROUNDS = 3;
  private static final int ATTEMPTS = 3;
  private static final int CHAINS = 5;
  private static final int CHAIN_POLLS = 150_000;

  @TempDir Path directory;

  /** Counted when the submit has returned. */
  private final AtomicLong submitted = new AtomicLong();

  /** Counted when a handler has decided on its job's end, before the queue hears of it. */
  private final AtomicLong ended = new AtomicLong();

  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean polling = new AtomicBoolean(true);
  private final AtomicLong polls = new AtomicLong();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noJobIsMissedWhileJobsMove(boolean onDisk) throws Exception {
    QueueOptions options =
        QueueOptions.defaults()
            .withRingBytes(1 << 20)
            .withSegmentBytes(1 << 20)
            .withFlushInterval(Duration.ofMillis(2))
            .withRetry(RetryPolicy.exponential(Duration.ofMillis(1)).attempts(ATTEMPTS));
    try (Bobbin bobbin = onDisk ? Bobbin.open(directory) : Bobbin.inMemory()) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), options);
      List<Thread> pollers = List.of(poller(queue), poller(queue));
      for (int round = 0; round < ROUNDS; round++) {
        try (Workers workers = queue.workBatches(WorkOptions.workers(2), this::work)) {
          assertThat(workers.size()).isEqualTo(2);
          produce(queue);
          Crash.await("at rest", () -> queue.status().unfinished() == 0);
        }
        // When the workers have gone: that a job was rejected is counted a moment after its death.
        atRest(queue);
        // Another kind of rest: nobody works, and jobs wait.
        submit(queue, "4");
        queue.submit("4", Duration.ofMillis(200));
        submitted.incrementAndGet();
        Counts counts = queue.status().counts();
        assertThat(counts.inFlight()).isZero();
        assertThat(counts.unfinished()).isEqualTo(2);
        atRest(queue);
      }
      polling.set(false);
      for (Thread poller : pollers) {
        poller.join();
      }
    }
    assertThat(faults).isEmpty();
    assertThat(polls.get()).isGreaterThan(100);
  }

  /**
   * Each job submits its successor before it is done, so at every moment each chain has a job that
   * is unfinished, whatever the moment at which the status reads which count.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chainsOfJobsAreNeverMissed(boolean onDisk) throws Exception {
    QueueOptions options =
        QueueOptions.defaults()
            .withRingBytes(1 << 20)
            .withSegmentBytes(1 << 20)
            .withFlushInterval(Duration.ofMillis(2))
            .withRetry(RetryPolicy.exponential(Duration.ofMillis(1)));
    try (Bobbin bobbin = onDisk ? Bobbin.open(directory) : Bobbin.inMemory()) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), options);
      for (int chain = 0; chain < CHAINS; chain++) {
        queue.submit("link");
      }
      queue.workBatches(WorkOptions.workers(2).batch(3), batch -> link(queue, batch));
      // And as long as it takes until enough jobs have come and gone meanwhile.
      for (int i = 0; i < CHAIN_POLLS || ended.get() <= 1_000; i++) {
        check(queue.status(), CHAINS);
      }
      polling.set(false);
    }
    assertThat(faults).isEmpty();
  }

  private void link(JobQueue<String> queue, Batch<String> batch) {
    for (Job<String> job : batch) {
      if (!polling.get()) {
        return;
      }
      int dice = ThreadLocalRandom.current().nextInt(100);
      if (dice == 0) {
        job.snooze(Duration.ZERO);
      } else if (dice == 1) {
        job.retry("once more");
      } else {
        queue.submit("link");
        ended.incrementAndGet();
      }
    }
  }

  private void atRest(JobQueue<String> queue) {
    QueueStatus status = queue.status();
    Totals totals = status.totals();
    assertThat(totals.submitted()).isEqualTo(submitted.get());
    assertThat(status.unfinished() + totals.acked() + totals.died()).isEqualTo(submitted.get());
    assertThat(totals.acked() + totals.died()).isEqualTo(ended.get());
    assertThat(status.counts().dead()).isEqualTo(totals.died());
    assertThat(totals.rejected()).isPositive().isLessThan(totals.died());
    assertThat(totals.failed()).isEqualTo(totals.retried() + totals.died() - totals.rejected());
    assertThat(totals.snoozed()).isPositive();
  }

  private void produce(JobQueue<String> queue) throws InterruptedException {
    Thread[] producers = new Thread[PRODUCERS];
    for (int p = 0; p < PRODUCERS; p++) {
      producers[p] =
          new Thread(
              () -> {
                for (int i = 0; i < JOBS_EACH; i++) {
                  submit(queue, String.valueOf(i % 10));
                }
              });
      producers[p].start();
    }
    for (Thread producer : producers) {
      producer.join();
    }
  }

  private void submit(JobQueue<String> queue, String payload) {
    switch (payload) {
      case "5" -> queue.submit(payload, Duration.ofMillis(2));
      case "6" -> queue.submit(payload, JobOptions.priority(Priority.HIGH));
      default -> queue.submit(payload);
    }
    submitted.incrementAndGet();
  }

  private void work(Batch<String> batch) {
    for (Job<String> job : batch) {
      switch (job.payload()) {
        case "0" -> {
          if (job.attempt() == 1) {
            job.retry("once " + job.id());
          } else {
            ended.incrementAndGet();
          }
        }
        case "1" -> {
          if (ThreadLocalRandom.current().nextBoolean()) {
            job.snooze(Duration.ofMillis(1));
          } else {
            ended.incrementAndGet();
          }
        }
        case "2" -> {
          ended.incrementAndGet();
          job.reject("never");
        }
        case "3" -> {
          if (job.attempt() == ATTEMPTS) {
            ended.incrementAndGet();
          }
          job.retry("always");
        }
        default -> ended.incrementAndGet();
      }
    }
  }

  private Thread poller(JobQueue<String> queue) {
    Thread poller =
        new Thread(
            () -> {
              while (polling.get()) {
                long before = submitted.get();
                QueueStatus status = queue.status();
                check(status, before - ended.get());
                polls.incrementAndGet();
              }
            });
    poller.start();
    return poller;
  }

  private void check(QueueStatus status, long atLeast) {
    Counts counts = status.counts();
    if (counts.unfinished() < atLeast) {
      faults.add("unfinished must be at least " + atLeast + ", found " + counts);
    }
    if (counts.ready() < 0 || counts.inFlight() < 0 || counts.delayed() < 0) {
      faults.add("negative: " + counts);
    }
    if (status.durability().notDurableBytes() < 0 || status.limits().ringBytes() < 0) {
      faults.add("negative: " + status.durability() + ", " + status.limits());
    }
  }
}
