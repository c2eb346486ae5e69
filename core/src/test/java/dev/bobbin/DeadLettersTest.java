package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link DeadLetters} promises, in memory and on a directory. */
@Timeout(120)
class DeadLettersTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withSubmitTimeout(Duration.ofSeconds(60));

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Bobbin bobbin;
  private JobQueue<String> queue;
  private DeadLetters dead;

  @TempDir Path directory;

  private void open(Backend backend, QueueOptions options) {
    bobbin = backend.open(directory);
    queue = bobbin.queue("q", Codec.text(), options);
    dead = queue.deadLetters();
  }

  private void open(Backend backend) {
    open(backend, OPTIONS);
  }

  @AfterEach
  void close() {
    if (bobbin != null) {
      bobbin.close();
    }
  }

  /** Submits the payloads and has a worker reject each with its payload as the reason. */
  private List<JobId> die(String... payloads) {
    List<JobId> ids = new ArrayList<>();
    long before = dead.count();
    for (String payload : payloads) {
      ids.add(queue.submit(payload));
    }
    reject(before + payloads.length);
    return ids;
  }

  private void reject(long count) {
    Workers workers = queue.workBatches(WorkOptions.workers(1), DeadLettersTest::rejectAll);
    Crash.await(count + " dead letters", () -> dead.count() == count);
    workers.close();
  }

  private static void rejectAll(Batch<String> batch) {
    batch.forEach(job -> job.reject("because of " + job.payload()));
  }

  private List<JobId> dieNumbered(int count) {
    return die(IntStream.range(0, count).mapToObj(i -> "job " + i).toArray(String[]::new));
  }

  private Workers ackAll() {
    return queue.workBatches(
        WorkOptions.workers(1),
        batch -> batch.forEach(job -> seen.add(job.payload() + "/" + job.attempt())));
  }

  private String next() throws InterruptedException {
    return seen.poll(60, TimeUnit.SECONDS);
  }

  private static List<String> payloads(List<DeadLetter> letters) {
    return letters.stream().map(DeadLettersTest::payload).toList();
  }

  private static String payload(DeadLetter letter) {
    return new String(letter.payload(), StandardCharsets.UTF_8);
  }

  private void assertNothingFailed() {
    assertThat(queue.status().failure()).isEmpty();
  }

  // Looking

  @ParameterizedTest
  @EnumSource
  void listsTheOldestFirst(Backend backend) {
    open(backend);
    die("a", "b", "c");
    assertThat(payloads(dead.list(10))).containsExactly("a", "b", "c");
    assertThat(payloads(dead.list(2))).containsExactly("a", "b");
    assertThat(dead.count()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void findsByIdWhatIsThere(Backend backend) {
    open(backend);
    List<JobId> ids = die("a", "b");
    JobId alive = queue.submit("alive");
    assertThat(dead.find(ids.get(1)))
        .hasValueSatisfying(
            letter -> {
              assertThat(letter.id()).isEqualTo(ids.get(1));
              assertThat(payload(letter)).isEqualTo("b");
              assertThat(letter.reason()).isEqualTo("because of b");
              assertThat(letter.attempts()).isEqualTo(1);
            });
    assertThat(dead.find(alive)).isEmpty();
    assertThat(dead.find(new JobId(ids.get(0).origin() + 1, ids.get(0).number()))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void pagesThroughAllOfThemOnce(Backend backend) {
    open(backend);
    List<JobId> ids = dieNumbered(1000);
    List<JobId> paged = new ArrayList<>();
    DeadLetterPage page = dead.page(0, 7);
    while (page.hasMore()) {
      assertThat(page.letters()).hasSize(7);
      page.letters().forEach(letter -> paged.add(letter.id()));
      page = dead.page(page.nextCursor(), 7);
    }
    page.letters().forEach(letter -> paged.add(letter.id()));
    assertThat(paged).isEqualTo(ids);
    assertThat(dead.page(page.nextCursor(), 7).letters()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void cursorsStayValidWhileLettersComeAndGo(Backend backend) {
    open(backend);
    List<JobId> ids = dieNumbered(10);
    DeadLetterPage page = dead.page(0, 4);
    // What the page ended with, what comes next, and what came before.
    dead.purge(List.of(ids.get(3), ids.get(4), ids.get(0)));
    die("late");
    assertThat(payloads(dead.page(page.nextCursor(), 4).letters()))
        .containsExactly("job 5", "job 6", "job 7", "job 8");
    DeadLetterPage rest = dead.page(dead.page(page.nextCursor(), 4).nextCursor(), 4);
    assertThat(payloads(rest.letters())).containsExactly("job 9", "late");
    assertThat(rest.hasMore()).isFalse();
    die("later");
    assertThat(payloads(dead.page(rest.nextCursor(), 4).letters())).containsExactly("later");
  }

  @ParameterizedTest
  @EnumSource
  void largeLettersComeInSmallPages(Backend backend) {
    open(backend, OPTIONS.withRingBytes(16 << 20).withMaxPayloadBytes(256 << 10));
    int bytes = 250 << 10;
    String large = "x".repeat(bytes);
    for (int i = 0; i < 40; i++) {
      queue.submit(large + i);
    }
    Workers workers = queue.workBatches(WorkOptions.workers(1), b -> b.forEach(j -> j.reject("")));
    Crash.await("40 dead letters", () -> dead.count() == 40);
    workers.close();
    DeadLetterPage page = dead.page(0, 40);
    assertThat(page.letters().size()).isBetween(16, 20);
    assertThat(page.hasMore()).isTrue();
    assertThat(dead.list(40)).hasSize(40);
    List<String> exported = new ArrayList<>();
    dead.forEach(letter -> exported.add(payload(letter).substring(bytes)));
    assertThat(exported)
        .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(Integer::toString).toList());
  }

  @ParameterizedTest
  @EnumSource
  void exportEndsThoughJobsGoOnDying(Backend backend) {
    open(backend);
    die("a", "b");
    List<String> exported = new ArrayList<>();
    dead.forEach(
        letter -> {
          exported.add(payload(letter));
          die("after " + payload(letter));
        });
    assertThat(exported).containsExactly("a", "b");
  }

  @ParameterizedTest
  @EnumSource
  void groupsByErrorTheMostFrequentFirst(Backend backend) {
    open(backend);
    List<JobId> ids = die("rare", "user 1", "user 22", "user 333");
    List<DeadLetterGroup> groups = dead.groups();
    assertThat(groups)
        .extracting(DeadLetterGroup::error)
        .containsExactly("because of user #", "because of rare");
    DeadLetterGroup first = groups.get(0);
    assertThat(first.count()).isEqualTo(3);
    assertThat(first.example()).isIn(ids.subList(1, 4));
    assertThat(first.firstDiedAt()).isBeforeOrEqualTo(first.lastDiedAt());
    assertThat(first.others()).isFalse();
    assertThat(dead.purgeIf(first::contains)).isEqualTo(3);
    assertThat(payloads(dead.list(10))).containsExactly("rare");
  }

  // Retrying

  @ParameterizedTest
  @EnumSource
  void retriedJobIsReadyAgainAsItWasSubmitted(Backend backend) throws Exception {
    open(backend, OPTIONS.withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(3)));
    JobId id = queue.submit("a");
    Workers failing =
        queue.work(
            1,
            payload -> {
              throw new IllegalStateException("no");
            });
    Crash.await("a dead letter", () -> dead.count() == 1);
    failing.close();
    DeadLetter letter = dead.find(id).orElseThrow();
    assertThat(letter.attempts()).isEqualTo(3);

    assertThat(dead.retry(id)).isTrue();
    assertThat(dead.count()).isZero();
    assertThat(dead.find(id)).isEmpty();
    assertThat(queue.status().unfinished()).isEqualTo(1);
    assertThat(dead.retry(id)).isFalse();

    BlockingQueue<Job<String>> jobs = new LinkedBlockingQueue<>();
    CountDownLatch looked = new CountDownLatch(1);
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          batch.forEach(jobs::add);
          looked.await();
        });
    Job<String> job = jobs.poll(60, TimeUnit.SECONDS);
    assertThat(job.id()).isEqualTo(id);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.payload()).isEqualTo("a");
    assertThat(job.submittedAt()).isEqualTo(letter.submittedAt());
    looked.countDown();
    Crash.await("it is acked", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().totals().acked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void retriedJobDoesNotDieOfItsTimeToLiveAgain(Backend backend) throws Exception {
    open(backend);
    JobOptions options =
        JobOptions.NONE.expiringAfter(Duration.ofMillis(1)).header("trace", "00-1");
    JobId id = queue.submit("a", options);
    Instant late = Instant.now().plusMillis(2);
    Crash.await("it has expired", () -> Instant.now().isAfter(late));
    ackAll();
    Crash.await("it is dead", () -> dead.count() == 1);
    assertThat(dead.find(id).orElseThrow().reason()).startsWith("expired");
    assertThat(dead.find(id).orElseThrow().headers()).containsExactly(Map.entry("trace", "00-1"));
    assertThat(dead.retry(id)).isTrue();
    assertThat(next()).isEqualTo("a/1");
  }

  @ParameterizedTest
  @EnumSource
  void retriesThoseThatAreThere(Backend backend) throws Exception {
    open(backend);
    List<JobId> ids = die("a", "b", "c");
    JobId elsewhere = new JobId(ids.get(1).origin() ^ 1, ids.get(1).number());
    assertThat(dead.retry(List.of(ids.get(2), elsewhere, ids.get(0), ids.get(0)))).isEqualTo(2);
    assertThat(payloads(dead.list(10))).containsExactly("b");
    ackAll();
    assertThat(Set.of(next(), next())).containsExactlyInAnyOrder("a/1", "c/1");
  }

  @ParameterizedTest
  @EnumSource
  void retriesAllButNotThoseThatDieAgain(Backend backend) {
    open(backend);
    dieNumbered(600);
    queue.workBatches(WorkOptions.workers(2), DeadLettersTest::rejectAll);
    assertThat(dead.retryAll()).isEqualTo(600);
    // A letter is there a moment before its job counts as dead.
    Crash.await("all died again", () -> queue.status().totals().died() == 1200);
    assertThat(dead.count()).isEqualTo(600);
    assertThat(queue.status().unfinished()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void retriesWhatThePredicateWants(Backend backend) throws Exception {
    open(backend);
    die("a", "b", "ab");
    assertThat(dead.retryIf(letter -> letter.reason().endsWith("b"))).isEqualTo(2);
    assertThat(payloads(dead.list(10))).containsExactly("a");
    ackAll();
    assertThat(Set.of(next(), next())).containsExactlyInAnyOrder("b/1", "ab/1");
  }

  @ParameterizedTest
  @EnumSource
  void retriesAtARate(Backend backend) {
    open(backend);
    dieNumbered(21);
    ackAll();
    long began = System.nanoTime();
    assertThat(dead.retryAll(200)).isEqualTo(21);
    // Twenty steps of 5 ms; a late step may be made up for by 20 ms.
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(80));
    assertThat(dead.count()).isZero();
    for (double wrong : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> dead.retryAll(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jobsPerSecond");
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptEndsThePacedRetryEarly(Backend backend) throws Exception {
    open(backend);
    dieNumbered(3);
    AtomicLong retried = new AtomicLong(-1);
    Thread slow =
        new Thread(
            () -> {
              retried.set(dead.retryAll(0.001));
              if (!Thread.currentThread().isInterrupted()) {
                retried.set(-2);
              }
            });
    slow.start();
    Crash.await("the first is retried", () -> dead.count() == 2);
    slow.interrupt();
    slow.join(60_000);
    assertThat(retried).hasValue(1);
    assertThat(dead.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void closingEndsThePacedRetry(Backend backend) throws Exception {
    open(backend);
    dieNumbered(3);
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    Thread slow =
        new Thread(
            () -> {
              try {
                dead.retryAll(0.001);
              } catch (RuntimeException e) {
                thrown.add(e);
              }
            });
    slow.start();
    Crash.await("the first is retried", () -> dead.count() == 2);
    queue.close();
    assertThat(thrown.poll(60, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.refusal()).isEqualTo(Refusal.CLOSED);
              assertThat(e.accepted()).isEqualTo(1);
            });
    slow.join(60_000);
  }

  @ParameterizedTest
  @EnumSource
  void refusedLetterStays(Backend backend) {
    open(
        backend,
        OPTIONS.withLimits(Limits.DEFAULT.withJobs(4)).withSubmitTimeout(Duration.ofMillis(20)));
    List<JobId> ids = dieNumbered(3);
    queue.submit("x");
    queue.submit("y");
    queue.submit("z");
    assertThatThrownBy(() -> dead.retry(ids))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.refusal()).isEqualTo(Refusal.JOB_LIMIT);
              assertThat(e.accepted()).isEqualTo(1);
            });
    assertThat(payloads(dead.list(10))).containsExactly("job 1", "job 2");
    assertThatThrownBy(dead::retryAll)
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.accepted()).isEqualTo(0));
    assertThat(queue.status().unfinished()).isEqualTo(4);

    Workers acking = ackAll();
    Crash.await("all is acked", () -> queue.status().unfinished() == 0);
    // What is acked gives its place back a moment later.
    acking.close();
    assertThat(dead.retryAll()).isEqualTo(2);
    ackAll();
    Crash.await("all is done", () -> queue.status().totals().acked() == 6);
    assertThat(dead.count()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void retryWaitsForRoomAsASubmitDoes(Backend backend) throws Exception {
    open(backend, OPTIONS.withLimits(Limits.DEFAULT.withJobs(1)));
    List<JobId> ids = die("a");
    queue.submit("x");
    CountDownLatch began = new CountDownLatch(1);
    Thread retrying =
        new Thread(
            () -> {
              began.countDown();
              dead.retry(ids.get(0));
            });
    retrying.start();
    began.await();
    Crash.await(
        "it waits", () -> retrying.getState() == Thread.State.TIMED_WAITING || !retrying.isAlive());
    ackAll();
    assertThat(next()).isEqualTo("x/1");
    assertThat(next()).isEqualTo("a/1");
    retrying.join(60_000);
  }

  // Purging

  @ParameterizedTest
  @EnumSource
  void purgesOneAndSomeAndAll(Backend backend) {
    open(backend);
    List<JobId> ids = dieNumbered(10);
    assertThat(dead.purge(ids.get(3))).isTrue();
    assertThat(dead.purge(ids.get(3))).isFalse();
    assertThat(dead.find(ids.get(3))).isEmpty();
    assertThat(dead.purge(ids.subList(2, 5))).isEqualTo(2);
    assertThat(dead.purgeIf(letter -> payload(letter).equals("job 9"))).isEqualTo(1);
    assertThat(payloads(dead.list(10)))
        .containsExactly("job 0", "job 1", "job 5", "job 6", "job 7", "job 8");
    assertThat(dead.purgeAll()).isEqualTo(6);
    assertThat(dead.purgeAll()).isZero();
    assertThat(dead.count()).isZero();
    assertThat(dead.list(10)).isEmpty();
    assertThat(queue.status().unfinished()).isZero();
    assertNothingFailed();
  }

  @ParameterizedTest
  @EnumSource
  void purgedLettersGiveTheirSpaceBack(Backend backend) {
    open(backend);
    // Far more than ring and segments hold.
    for (int round = 0; round < 8; round++) {
      dieNumbered(2000);
      assertThat(dead.purgeAll()).isEqualTo(2000);
    }
    Crash.await(
        "the journal is nearly empty", () -> queue.status().journal().liveBytes() < 256 << 10);
    assertNothingFailed();
  }

  // Edges

  @ParameterizedTest
  @EnumSource
  void predicateMayUseTheQueue(Backend backend) {
    open(backend);
    List<JobId> ids = dieNumbered(300);
    long retried =
        dead.retryIf(
            letter -> {
              // Takes the letter away before it can be retried.
              dead.purge(letter.id());
              return true;
            });
    assertThat(retried).isZero();
    assertThat(dead.count()).isZero();
    assertThat(dead.find(ids.get(0))).isEmpty();
    assertThat(queue.status().unfinished()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void wrongArgumentsAreNamed(Backend backend) {
    open(backend);
    assertThatThrownBy(() -> dead.list(0)).hasMessageContaining("max must be from 1 to 100000");
    assertThatThrownBy(() -> dead.page(0, 100_001)).hasMessageContaining("max must be from 1");
    assertThatThrownBy(() -> dead.page(-1, 1)).hasMessageContaining("nextCursor");
  }

  @ParameterizedTest
  @EnumSource
  void closedQueueChangesNothing(Backend backend) {
    open(backend);
    List<JobId> ids = die("a");
    queue.close();
    assertThatThrownBy(() -> dead.list(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> dead.retry(ids.get(0))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> dead.purge(ids.get(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("queue q is closed");
    assertThat(dead.count()).isEqualTo(1);
  }

  // Threads

  /**
   * Jobs die and are retried and purged at once: every job ends exactly once, acked or purged, and
   * the counts add up.
   */
  @ParameterizedTest
  @EnumSource
  void nothingIsLostOrDoubledWhileAllGoAtOnce(Backend backend) throws Exception {
    open(backend);
    int jobs = 4000;
    Map<JobId, Integer> deliveries = new ConcurrentHashMap<>();
    Map<JobId, Integer> acked = new ConcurrentHashMap<>();
    queue.workBatches(
        WorkOptions.workers(2).batch(16),
        batch -> {
          for (Job<String> job : batch) {
            if (deliveries.merge(job.id(), 1, Integer::sum) == 3) {
              acked.merge(job.id(), 1, Integer::sum);
            } else {
              job.reject("not this time");
            }
          }
        });
    AtomicLong retried = new AtomicLong();
    AtomicLong purged = new AtomicLong();
    Set<JobId> purgedIds = ConcurrentHashMap.newKeySet();
    BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    AtomicBoolean stopping = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          new Thread(
              () -> {
                while (!stopping.get()) {
                  retried.addAndGet(dead.retryAll());
                }
              }));
    }
    threads.add(
        new Thread(
            () -> {
              while (!stopping.get()) {
                for (DeadLetter letter : dead.page(0, 8).letters()) {
                  if (dead.purge(letter.id())) {
                    purged.incrementAndGet();
                    purgedIds.add(letter.id());
                  }
                }
              }
            }));
    for (Thread thread : threads) {
      thread.setUncaughtExceptionHandler((t, e) -> errors.add(e));
      thread.start();
    }
    Set<JobId> ids = new HashSet<>();
    for (int i = 0; i < jobs; i++) {
      ids.add(queue.submit("job " + i));
    }
    Crash.await("all is done", () -> acked.size() + purged.get() >= jobs || !errors.isEmpty());
    stopping.set(true);
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    assertThat(errors).isEmpty();
    Crash.await("nothing is unfinished", () -> queue.status().unfinished() == 0);
    assertThat(dead.count()).isZero();
    assertThat(acked.values()).allMatch(times -> times == 1);
    assertThat(purgedIds).hasSize((int) purged.get()).noneMatch(acked::containsKey);
    purgedIds.addAll(acked.keySet());
    assertThat(purgedIds).isEqualTo(ids);
    // Each death ended as a retry or a purge.
    assertThat(queue.status().totals().died()).isEqualTo(retried.get() + purged.get());
    assertNothingFailed();
  }
}
