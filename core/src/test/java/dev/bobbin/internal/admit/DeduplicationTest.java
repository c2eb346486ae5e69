package dev.bobbin.internal.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Deduplication;
import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.Limits;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.SubmitResult.Accepted;
import dev.bobbin.SubmitResult.Duplicate;
import dev.bobbin.SubmitResult.Refused;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One job for each key, within the window's bounds, whoever submits and whatever happens. */
@Timeout(120)
class DeduplicationTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withSubmitTimeout(Duration.ofSeconds(60));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Bobbin bobbin = Bobbin.inMemory();

  @TempDir Path scratch;

  @AfterEach
  void close() {
    threads.shutdownNow();
    bobbin.close();
  }

  private JobQueue<String> open(Backend backend, QueueOptions options) {
    bobbin.close();
    bobbin = backend.open(scratch.resolve("live"));
    return bobbin.queue("q", Codec.text(), options);
  }

  private JobQueue<String> reopen(Path directory) {
    bobbin.close();
    bobbin = Bobbin.open(directory);
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  private static SubmitResult submit(JobQueue<String> queue, String key) {
    return queue.trySubmit("job of " + key, JobOptions.key(key));
  }

  private static JobId accepted(SubmitResult result) {
    assertThat(result).isInstanceOf(Accepted.class);
    return ((Accepted) result).id();
  }

  private static void assertDuplicate(SubmitResult result, JobId original) {
    assertThat(result).isEqualTo(new Duplicate(original));
    assertThat(result.accepted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void secondJobWithAKeyIsNotAdded(Backend backend) {
    JobQueue<String> queue = open(backend, OPTIONS);
    JobId first = accepted(submit(queue, "a"));
    assertDuplicate(submit(queue, "a"), first);
    assertThat(queue.submit("other payload", JobOptions.key("a"))).isEqualTo(first);
    JobOptions otherOptions = JobOptions.key("a").prioritized(Priority.URGENT).delayed(HOUR);
    assertDuplicate(queue.trySubmit("x", otherOptions), first);
    JobId second = accepted(submit(queue, "b"));
    assertThat(second).isNotEqualTo(first);
    assertThat(queue.status().unfinished()).isEqualTo(2);
    assertThat(Crash.take(queue, 2)).extracting("payload").containsExactly("job of a", "job of b");
    assertDuplicate(submit(queue, "a"), first);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void keysOfDelayedAndPrioritizedJobsAreKnownToo(Backend backend) {
    JobQueue<String> queue = open(backend, OPTIONS);
    JobId delayed = accepted(queue.trySubmit("a", JobOptions.delay(HOUR).keyed("a")));
    JobId low = queue.submit("b", JobOptions.priority(Priority.LOW).keyed("b"));
    assertDuplicate(submit(queue, "a"), delayed);
    assertDuplicate(submit(queue, "b"), low);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void tooManyNewerKeysAndTimeForgetAKey(Backend backend) {
    JobQueue<String> three = open(backend, OPTIONS.withDeduplication(new Deduplication(HOUR, 3)));
    List.of("a", "b", "c", "d").forEach(key -> accepted(submit(three, key)));
    assertThat(submit(three, "b")).isInstanceOf(Duplicate.class);
    accepted(submit(three, "a"));

    Deduplication brief = new Deduplication(Duration.ofMillis(1), 100);
    bobbin.close();
    JobQueue<String> queue = open(backend, OPTIONS.withDeduplication(brief));
    accepted(submit(queue, "x"));
    Crash.await("the key to be forgotten", () -> submit(queue, "x") instanceof Accepted);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void ofTwoThreadsWithOneKeyOneIsAccepted(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend, OPTIONS);
    int rounds = 500;
    CyclicBarrier start = new CyclicBarrier(2);
    List<Future<List<SubmitResult>>> results = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      results.add(
          threads.submit(
              () -> {
                List<SubmitResult> mine = new ArrayList<>();
                for (int i = 0; i < rounds; i++) {
                  start.await(60, TimeUnit.SECONDS);
                  mine.add(submit(queue, "key " + i));
                }
                return mine;
              }));
    }
    List<SubmitResult> ones = results.get(0).get();
    List<SubmitResult> others = results.get(1).get();
    for (int i = 0; i < rounds; i++) {
      boolean firstWon = ones.get(i) instanceof Accepted;
      SubmitResult winner = firstWon ? ones.get(i) : others.get(i);
      assertDuplicate(firstWon ? others.get(i) : ones.get(i), accepted(winner));
    }
    assertThat(Crash.take(queue, rounds)).doesNotHaveDuplicates();
    assertThat(queue.status().unfinished()).isZero();
  }

  @Test
  void refusedSubmitGivesItsKeyBack() {
    JobQueue<String> queue = open(Backend.MEMORY, OPTIONS.withLimits(Limits.DEFAULT.withJobs(1)));
    queue.submit("in the way");
    assertThat(submit(queue, "a"))
        .isInstanceOfSatisfying(
            Refused.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.JOB_LIMIT));
    SubmitResult tooLarge = queue.trySubmit("x".repeat(4096), JobOptions.key("a"));
    assertThat(((Refused) tooLarge).refusal()).isEqualTo(Refusal.JOB_TOO_LARGE);
    assertThatThrownBy(() -> queue.submit("\uD800", JobOptions.key("a")))
        .isInstanceOf(IllegalArgumentException.class);
    Crash.take(queue, 1);
    JobId first = accepted(submit(queue, "a"));
    assertDuplicate(submit(queue, "a"), first);
  }

  @Test
  void fullRingGivesTheKeyAndThePlaceBack() {
    JobQueue<String> queue = open(Backend.MEMORY, OPTIONS.withLimits(Limits.DEFAULT.withJobs(400)));
    while (queue.trySubmit("x".repeat(1000)).accepted()) {
      // Fills it.
    }
    for (int i = 0; i < 400; i++) {
      SubmitResult full = queue.trySubmit("x".repeat(1000), JobOptions.key("a"));
      assertThat(((Refused) full).refusal()).isEqualTo(Refusal.BYTE_LIMIT);
    }
    try (Workers workers = queue.work(1, payload -> {})) {
      assertThat(workers.size()).isEqualTo(1);
      Crash.await("room", () -> queue.status().unfinished() == 0);
    }
    accepted(submit(queue, "a"));
  }

  @Test
  void ofTwoThatWaitForRoomWithOneKeyOneIsAddedAndBothGetItsId() throws Exception {
    JobQueue<String> queue = open(Backend.MEMORY, OPTIONS.withLimits(Limits.DEFAULT.withJobs(1)));
    JobId inTheWay = queue.submit("in the way");
    List<Thread> waiting = new ArrayList<>();
    List<Future<JobId>> ids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ids.add(
          threads.submit(
              () -> {
                synchronized (waiting) {
                  waiting.add(Thread.currentThread());
                }
                return queue.submit("a", JobOptions.key("a"));
              }));
    }
    Crash.await(
        "both wait",
        () -> {
          synchronized (waiting) {
            return waiting.size() == 2
                && waiting.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING);
          }
        });
    // Only "in the way" is finished: when the other submit looks again, there is still no room.
    try (Lease<String> lease = queue.take(1, Duration.ofSeconds(60))) {
      assertThat(lease.job(0).id()).isEqualTo(inTheWay);
      assertThat(lease.ackAll()).isOne();
    }
    JobId first = ids.get(0).get(60, TimeUnit.SECONDS);
    assertThat(ids.get(1).get(60, TimeUnit.SECONDS)).isEqualTo(first);
    assertThat(queue.status().unfinished()).isEqualTo(1);
  }

  @Test
  void keyedSubmitWaitsNoLongerThanAnyOther() {
    QueueOptions brief =
        OPTIONS.withLimits(Limits.DEFAULT.withJobs(1)).withSubmitTimeout(Duration.ofMillis(50));
    JobQueue<String> queue = open(Backend.MEMORY, brief);
    queue.submit("in the way");
    assertThatThrownBy(() -> queue.submit("a", JobOptions.key("a")))
        .isInstanceOfSatisfying(
            RefusedException.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.JOB_LIMIT));
  }

  @Test
  void closedQueueDoesNotSayWhatItHas() {
    JobQueue<String> queue = open(Backend.MEMORY, OPTIONS);
    accepted(submit(queue, "a"));
    queue.close();
    assertThat(((Refused) submit(queue, "a")).refusal()).isEqualTo(Refusal.CLOSED);
  }

  // After a restart.

  private Path afterDeath(Consumer<JobQueue<String>> life) {
    life.accept(open(Backend.DIRECTORY, OPTIONS.withFlushInterval(Duration.ofSeconds(10))));
    return Crash.processDeath(scratch.resolve("live"), scratch.resolve("dead"));
  }

  @Test
  void keysOfUnfinishedJobsAreKnownAfterAnOrderlyClose() {
    JobQueue<String> before = open(Backend.DIRECTORY, OPTIONS);
    JobId ready = accepted(submit(before, "a"));
    JobId delayed = before.submit("b", JobOptions.delay(HOUR).keyed("b"));
    JobQueue<String> after = reopen(scratch.resolve("live"));
    assertDuplicate(submit(after, "a"), ready);
    assertDuplicate(submit(after, "b"), delayed);
    assertThat(after.recovery().ready()).isEqualTo(1);
    assertThat(after.recovery().delayed()).isEqualTo(1);
  }

  @Test
  void keysInTheRingAloneAreKnownAfterAKill() {
    List<JobId> ids = new ArrayList<>();
    Path dead =
        afterDeath(
            queue -> {
              ids.add(accepted(submit(queue, "a")));
              ids.add(queue.submit("b", JobOptions.delay(HOUR).keyed("b")));
            });
    JobQueue<String> after = reopen(dead);
    assertDuplicate(submit(after, "a"), ids.get(0));
    assertDuplicate(submit(after, "b"), ids.get(1));
  }

  @Test
  void keysOfReadyJobsInTheJournalAreKnownAfterAKill() {
    List<JobId> ids = new ArrayList<>();
    Path dead =
        afterDeath(
            queue -> {
              queue.submit("without");
              ids.add(accepted(submit(queue, "a")));
              queue.sync();
            });
    // The ring is of no help: what the journal says of its blocks must be enough.
    Crash.zero(Crash.ring(dead), 0, Crash.read(Crash.ring(dead)).length);
    JobQueue<String> after = reopen(dead);
    assertThat(after.recovery().ready()).isEqualTo(2);
    assertDuplicate(submit(after, "a"), ids.get(0));
  }

  @Test
  void keyOfARetriedJobIsKnownAndItsDeadAndFinishedOnesAreNot() {
    List<JobId> retried = new ArrayList<>();
    Path dead =
        afterDeath(
            queue -> {
              retried.add(accepted(submit(queue, "retried")));
              accepted(submit(queue, "rejected"));
              accepted(submit(queue, "done"));
              settleByKey(queue);
            });
    JobQueue<String> after = reopen(dead);
    assertDuplicate(submit(after, "retried"), retried.get(0));
    assertThat(accepted(submit(after, "rejected"))).isNotEqualTo(retried.get(0));
    accepted(submit(after, "done"));
  }

  private static void settleByKey(JobQueue<String> queue) {
    Workers workers =
        queue.workBatches(
            WorkOptions.workers(1),
            batch -> {
              for (Job<String> job : batch) {
                if (job.payload().endsWith("retried")) {
                  job.retry(HOUR, "later");
                } else if (job.payload().endsWith("rejected")) {
                  job.reject("no");
                }
              }
            });
    Crash.await(
        "outcomes", () -> queue.status().totals().acked() + queue.status().totals().died() == 2);
    Crash.await("the retry", () -> queue.status().totals().retried() == 1);
    workers.close();
  }

  @Test
  void onlyTheNewestKeysAreKnownAfterARestart() {
    JobQueue<String> before = open(Backend.DIRECTORY, OPTIONS);
    List.of("a", "b", "c").forEach(key -> accepted(submit(before, key)));
    bobbin.close();
    JobQueue<String> after =
        open(Backend.DIRECTORY, OPTIONS.withDeduplication(new Deduplication(HOUR, 2)));
    assertThat(submit(after, "b")).isInstanceOf(Duplicate.class);
    assertThat(submit(after, "c")).isInstanceOf(Duplicate.class);
    accepted(submit(after, "a"));
  }
}
