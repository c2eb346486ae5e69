package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link DeadLetters} shows and purges, in memory and on a directory. */
@Timeout(120)
class DeadLettersTest extends DyingJobs {
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
