package dev.bobbin.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Capability;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.WorkOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentHashMap.KeySetView;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many jobs, many delays, many failures and many queues change nothing of what is promised. */
interface DepthContract extends ContractSetup {
  /** Jobs that are several rings of 256 KiB. */
  private static List<String> manyRings() {
    return IntStream.range(0, 4000).mapToObj(i -> i + " ".repeat(300)).toList();
  }

  @Test
  default void backlogBeyondTheRingComesBackInOrder() {
    assumeSurvival();
    JobQueue<String> queue = queue();
    queue.submitAll(manyRings());
    QueueOptions options = options();
    assertThat(queue.status().counts().ready()).isEqualTo(4000);
    assertThat(queue.status().limits().ringBytes()).isLessThanOrEqualTo(options.ringBytes());
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    queue.submit("last");
    List<String> all = new ArrayList<>(manyRings());
    all.add("last");
    assertInOrder(seen.next(4001), all);
    assertThat(queue.awaitIdle(patience())).isTrue();
  }

  @Test
  default void backlogBeyondTheRingIsThereAgain() {
    assumeSurvival();
    queue().submitAll(manyRings());
    reopened();
    JobQueue<String> queue = queue();
    assertThat(queue.recovery().ready()).isEqualTo(4000);
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    assertInOrder(seen.next(4000), manyRings());
  }

  /** In order, but for a queue that several processes share: each hands out what it has fetched. */
  private void assertInOrder(List<String> found, List<String> expected) {
    if (bobbin().capabilities().contains(Capability.SHARED_BETWEEN_PROCESSES)) {
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  default void delayedJobsComeInTheOrderInWhichTheyAreDue() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    // Delays count from each submit: who was slow to submit knows no order, and takes longer steps.
    long step = 50;
    while (!submitsInTime(queue, step)) {
      seen.next(5);
      step *= 5;
      assertThat(step).isLessThan(patience().toMillis());
    }
    assertThat(seen.next(5)).containsExactly("job 0", "job 1", "job 2", "job 3", "job 4");
  }

  /** Whether the jobs were submitted within a step, so that they are due in order. */
  private static boolean submitsInTime(JobQueue<String> queue, long stepMillis) {
    long began = System.nanoTime();
    for (int place : new int[] {4, 1, 3, 0, 2}) {
      queue.submit("job " + place, Duration.ofMillis(stepMillis * place));
    }
    // Due times are in whole milliseconds.
    return System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(stepMillis - 2);
  }

  @Test
  default void whenEveryJobFailsOnceNoneIsLostAndFreshOnesGoOn() {
    RetryPolicy later = RetryPolicy.exponential(Duration.ofMillis(20)).attempts(2);
    JobQueue<String> queue = bobbin().queue("contract", Codec.text(), options().withRetry(later));
    KeySetView<String, Boolean> failed = ConcurrentHashMap.newKeySet();
    Seen<String> done = new Seen<>(patience());
    queue.work(
        2,
        payload -> {
          if (!payload.equals("fresh") && failed.add(payload)) {
            throw new IllegalStateException("the first attempt");
          }
          done.add(payload);
        });
    int jobs = 3000;
    for (int i = 0; i < jobs; i++) {
      queue.submit("job " + i);
    }
    queue.submit("fresh");
    List<String> all = done.next(jobs + 1);
    assertThat(new HashSet<>(all)).hasSize(jobs + 1);
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.status().totals().failed()).isEqualTo(jobs);
    assertThat(queue.status().totals().acked()).isEqualTo(jobs + 1);
    assertThat(queue.deadLetters().count()).isZero();
  }

  /** Whatever becomes of its jobs, a queue accounts for each of them. */
  @Test
  default void everyJobEndsOnceWhateverItsHandlersSay() {
    long seed = System.nanoTime();
    JobQueue<String> queue = queue();
    KeySetView<String, Boolean> acked = ConcurrentHashMap.newKeySet();
    KeySetView<String, Boolean> again = ConcurrentHashMap.newKeySet();
    queue.workBatches(
        WorkOptions.workers(3).batch(7),
        batch ->
            batch.forEach(
                job -> {
                  switch (new Random(seed ^ job.id().hashCode() * 31L + job.attempt()).nextInt(5)) {
                    case 0 -> job.retry(Duration.ofMillis(1), "again");
                    case 1 -> job.reject("no");
                    case 2 -> {
                      if (again.add(job.payload())) {
                        job.snooze(Duration.ofMillis(2));
                      }
                    }
                    default -> assertThat(acked.add(job.payload())).isTrue();
                  }
                }));
    Set<String> submitted = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      submitted.add("job " + i);
      queue.submit("job " + i);
    }
    await(() -> queue.status().unfinished() == 0);
    var totals = queue.status().totals();
    Set<String> ended = new HashSet<>();
    queue.deadLetters().forEach(letter -> ended.add(new String(letter.payload(), UTF_8)));
    assertThat(totals.acked() + ended.size()).as("seed %d", seed).isEqualTo(500);
    assertThat(ended).as("seed %d", seed).doesNotContainAnyElementsOf(acked);
    assertThat(submitted).as("seed %d", seed).containsAll(ended).containsAll(acked);
  }

  @Test
  default void manyIdleQueuesShareAFewThreads() throws Exception {
    // A group of its own: what other tests start meanwhile does not count.
    ThreadGroup group = new ThreadGroup("contract");
    FutureTask<List<JobQueue<String>>> opening = new FutureTask<>(this::twentyIdleQueues);
    new Thread(group, opening, "contract-opener").start();
    List<JobQueue<String>> queues = opening.get();
    // Those that opened the queues are gone soon.
    await(() -> group.activeCount() <= idleThreads());
    for (int i = 0; i < 20; i++) {
      try (var lease = queues.get(i).take(1, patience())) {
        assertThat(lease.job(0).payload()).isEqualTo("job " + i);
        lease.ackAll();
      }
    }
  }

  /** Each with a job that nobody takes. */
  private List<JobQueue<String>> twentyIdleQueues() {
    List<JobQueue<String>> queues = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      queues.add(bobbin().queue("contract-" + i, Codec.text(), options()));
      queues.get(i).submit("job " + i);
    }
    return queues;
  }

  @Test
  default void queueUnderLoadHoldsUpNoOther() throws Exception {
    JobQueue<String> busy = queue();
    busy.work(1, payload -> {});
    AtomicBoolean stop = new AtomicBoolean();
    Thread producer =
        new Thread(
            () -> {
              while (!stop.get()) {
                busy.submit("load");
              }
            });
    producer.start();
    try {
      JobQueue<String> quiet = bobbin().queue("quiet", Codec.text(), options());
      Seen<String> seen = new Seen<>(patience());
      quiet.work(1, seen::add);
      for (int i = 0; i < 20; i++) {
        quiet.submit("job " + i);
        quiet.sync();
        assertThat(seen.next()).isEqualTo("job " + i);
      }
    } finally {
      stop.set(true);
      producer.join();
    }
  }
}
