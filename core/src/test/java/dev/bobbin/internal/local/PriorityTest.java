package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Job;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.work.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which jobs a worker takes first, and that those that nobody takes hold up no others. */
@Timeout(120)
class PriorityTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(4 << 20)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5));

  private static final Duration HOUR = Duration.ofHours(1);

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Bobbin bobbin = Bobbin.inMemory();

  @TempDir Path scratch;

  @AfterEach
  void close() {
    bobbin.close();
  }

  private LocalQueue<String> open(Backend backend) {
    bobbin.close();
    bobbin = backend.open(scratch.resolve("live"));
    return queue();
  }

  private LocalQueue<String> queue() {
    return (LocalQueue<String>) bobbin.queue("q", Codec.text(), OPTIONS);
  }

  private static void submit(LocalQueue<String> queue, Priority priority) {
    queue.submit(priority.name(), JobOptions.priority(priority));
  }

  /** Waits until {@code jobs} lie in the lanes, ready to be taken. */
  private static void awaitLoaded(LocalQueue<String> queue, long jobs) {
    Crash.await(jobs + " loaded jobs", () -> queue.core.desk.loadedJobs() == jobs);
  }

  private Workers work(LocalQueue<String> queue) {
    return queue.workBatches(
        WorkOptions.workers(1).batch(1),
        batch -> {
          for (Job<String> job : batch) {
            assertThat(job.priority().name()).isEqualTo(job.payload());
            seen.add(job.payload());
          }
        });
  }

  private List<String> next(int jobs) throws InterruptedException {
    List<String> next = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      next.add(seen.poll(60, TimeUnit.SECONDS));
    }
    return next;
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void oneWorkerTakesTheHighestFirst(Backend backend) throws Exception {
    LocalQueue<String> queue = open(backend);
    for (int i = 0; i < 2; i++) {
      for (Priority lowFirst : new Priority[] {Priority.LOW, Priority.NORMAL, Priority.HIGH}) {
        submit(queue, lowFirst);
      }
      submit(queue, Priority.URGENT);
    }
    awaitLoaded(queue, 6);
    assertThat(queue.status().counts().ready()).isEqualTo(8);
    assertThat(queue.status().counts().delayed()).isZero();
    work(queue);
    assertThat(next(8))
        .containsExactly("URGENT", "URGENT", "HIGH", "HIGH", "NORMAL", "NORMAL", "LOW", "LOW");
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().totals().acked()).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void orderWithinAPriorityIsThatOfSubmits(Backend backend) throws Exception {
    LocalQueue<String> queue = open(backend);
    for (int i = 0; i < 1000; i++) {
      queue.submit(Integer.toString(i), JobOptions.priority(Priority.HIGH));
    }
    queue.work(1, seen::add);
    for (int i = 0; i < 1000; i++) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(Integer.toString(i));
    }
  }

  /** As many as one lane takes, and more. */
  private static void fillLane(LocalQueue<String> queue, Priority priority) {
    int jobs = 20 * 256;
    for (int i = 0; i < jobs; i++) {
      submit(queue, priority);
    }
    Crash.await("a full lane", () -> !queue.core.desk.hasRoom(Lane.of(priority)));
    Crash.await(
        "what does not fit to wait outside",
        () -> queue.core.desk.loadedJobs() + queue.core.delays.counts().ready() == jobs);
    assertThat(queue.core.delays.counts().ready()).isPositive();
    assertThat(queue.status().counts().ready()).isEqualTo(jobs);
    assertThat(queue.status().unfinished()).isEqualTo(jobs);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void lowJobsThatNobodyTakesHoldUpNoDelayedJob(Backend backend) throws Exception {
    LocalQueue<String> queue = open(backend);
    fillLane(queue, Priority.LOW);
    // Due when the lane is full and nothing else wakes whoever loads.
    long before = queue.core.desk.loadedJobs();
    queue.submit("NORMAL", Duration.ofMillis(30));
    queue.submit("HIGH", JobOptions.priority(Priority.HIGH).delayed(Duration.ofMillis(20)));
    Crash.await("both are loaded", () -> queue.core.desk.loadedJobs() == before + 2);
    assertThat(queue.core.delays.counts().delayed()).isZero();
    work(queue);
    assertThat(next(3)).containsExactly("HIGH", "NORMAL", "LOW");
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void laneThatWasFullIsFilledAgain(Backend backend) {
    LocalQueue<String> queue = open(backend);
    fillLane(queue, Priority.URGENT);
    work(queue);
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(seen).hasSize(20 * 256).containsOnly("URGENT");
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void retryAndSnoozeKeepThePriority(Backend backend) throws Exception {
    LocalQueue<String> queue = open(backend);
    submit(queue, Priority.LOW);
    submit(queue, Priority.URGENT);
    queue.submit("NORMAL");
    Set<String> handled = ConcurrentHashMap.newKeySet();
    Workers putOff =
        queue.workBatches(
            WorkOptions.workers(1),
            batch -> {
              for (Job<String> job : batch) {
                // Due in the opposite order.
                if (job.payload().equals("LOW")) {
                  job.snooze(Duration.ofMillis(1));
                } else {
                  job.retry(Duration.ofMillis(job.payload().equals("NORMAL") ? 20 : 40), "again");
                }
                if (handled.add(job.payload()) && handled.size() == 3) {
                  // From here on: else they would come again, until their attempts are used up.
                  queue.pause();
                }
              }
            });
    Crash.await("all were put off", () -> handled.size() == 3);
    putOff.close();
    awaitLoaded(queue, 3);
    queue.resume();
    work(queue);
    assertThat(next(3)).containsExactly("URGENT", "NORMAL", "LOW");
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void rawWorkersSeeThePriority(Backend backend) throws Exception {
    LocalQueue<String> queue = open(backend);
    submit(queue, Priority.LOW);
    submit(queue, Priority.HIGH);
    submit(queue, Priority.NORMAL);
    awaitLoaded(queue, 2);
    queue.workRaw(WorkOptions.workers(1), job -> seen.add(job.priority().name()));
    assertThat(next(3)).containsExactly("HIGH", "NORMAL", "LOW");
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void prioritySurvivesARestart(Moment moment) throws Exception {
    LocalQueue<String> queue = open(Backend.DIRECTORY);
    for (Priority priority : new Priority[] {Priority.LOW, Priority.HIGH, Priority.URGENT}) {
      submit(queue, priority);
    }
    submit(queue, Priority.NORMAL);
    queue.submit("HIGH", JobOptions.priority(Priority.HIGH).delayed(HOUR));
    LocalQueue<String> after = reopen(queue, moment);
    assertThat(after.recovery().delayed()).isEqualTo(4);
    awaitLoaded(after, 4);
    assertThat(after.status().counts().ready()).isEqualTo(4);
    assertThat(after.status().counts().delayed()).isEqualTo(1);
    work(after);
    assertThat(next(4)).containsExactly("URGENT", "HIGH", "NORMAL", "LOW");
    assertThat(after.core.delays.nextDueMillis(Priority.HIGH)).isLessThan(Long.MAX_VALUE);
  }

  /** When the queue ends. */
  enum Moment {
    CLOSED,
    KILLED,
    KILLED_AFTER_A_FLUSH
  }

  private LocalQueue<String> reopen(LocalQueue<String> queue, Moment moment) {
    Path directory = scratch.resolve("live");
    if (moment == Moment.KILLED_AFTER_A_FLUSH) {
      queue.sync();
    }
    if (moment != Moment.CLOSED) {
      directory = Crash.processDeath(directory, scratch.resolve("dead"));
    }
    bobbin.close();
    bobbin = Bobbin.open(directory);
    return queue();
  }
}
