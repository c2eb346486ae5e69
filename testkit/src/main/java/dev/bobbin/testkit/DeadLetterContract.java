package dev.bobbin.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.DeadLetter;
import dev.bobbin.DeadLetterLimit;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was set aside is kept within its bound, shown, and brought back or thrown away. */
interface DeadLetterContract extends ContractSetup {
  /** Dead letters of {@code jobs} jobs, in the order of their numbers. */
  private List<DeadLetter> rejected(JobQueue<String> queue, int jobs) {
    for (int i = 0; i < jobs; i++) {
      queue.submit("job " + i);
    }
    try (Workers rejecting =
        queue.workBatches(
            WorkOptions.workers(1),
            batch ->
                batch.forEach(
                    job ->
                        job.reject("error " + (job.payload().endsWith("7") ? "seven" : "17"))))) {
      assertThat(rejecting.size()).isEqualTo(1);
      return awaitDead(queue, jobs);
    }
  }

  private static List<String> payloads(List<DeadLetter> letters) {
    return letters.stream().map(letter -> new String(letter.payload(), UTF_8)).toList();
  }

  private Seen<String> working(JobQueue<String> queue) {
    Seen<String> seen = new Seen<>(patience());
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> batch.forEach(job -> seen.add(job.attempt() + " " + job.payload())));
    return seen;
  }

  @Test
  default void deadLettersAreListedInPages() {
    JobQueue<String> queue = queue();
    List<DeadLetter> all = rejected(queue, 10);
    List<String> expected = IntStream.range(0, 10).mapToObj(i -> "job " + i).toList();
    assertThat(payloads(all)).isEqualTo(expected);
    var page = queue.deadLetters().page(0, 4);
    assertThat(page.letters()).hasSize(4);
    assertThat(page.hasMore()).isTrue();
    assertThat(queue.deadLetters().page(page.nextCursor(), 100).letters()).hasSize(6);
    List<String> exported = new ArrayList<>();
    queue.deadLetters().forEach(letter -> exported.add(new String(letter.payload(), UTF_8)));
    assertThat(exported).isEqualTo(expected);
    assertThat(queue.deadLetters().find(all.get(3).id())).isPresent();
  }

  @Test
  default void deadLettersAreGroupedByTheirError() {
    JobQueue<String> queue = queue();
    rejected(queue, 10);
    var groups = queue.deadLetters().groups();
    assertThat(groups).hasSize(2);
    assertThat(groups.get(0).count()).isEqualTo(9);
    assertThat(groups.get(0).error()).isEqualTo("error #");
    Seen<String> seen = working(queue);
    assertThat(queue.deadLetters().retryIf(groups.get(1)::contains)).isEqualTo(1);
    assertThat(seen.next()).isEqualTo("1 job 7");
    assertThat(queue.deadLetters().count()).isEqualTo(9);
  }

  @Test
  default void deadLetterComesBackWithItsFirstAttempt() {
    JobQueue<String> queue = queue();
    JobId id = rejected(queue, 1).get(0).id();
    assertThat(queue.deadLetters().retry(id)).isTrue();
    assertThat(queue.deadLetters().retry(id)).isFalse();
    assertThat(queue.deadLetters().count()).isZero();
    try (var lease = queue.take(1, patience())) {
      assertThat(lease.job(0).id()).isEqualTo(id);
      assertThat(lease.job(0).attempt()).isEqualTo(1);
      lease.ackAll();
    }
  }

  @Test
  default void allDeadLettersComeBackAtARate() {
    JobQueue<String> queue = queue();
    rejected(queue, 6);
    Seen<String> seen = working(queue);
    long began = System.nanoTime();
    assertThat(queue.deadLetters().retryAll(100)).isEqualTo(6);
    // The first goes at once, and a burst may be a hundredth of a second's worth.
    assertThat(System.nanoTime() - began).isGreaterThan(30_000_000);
    assertThat(seen.next(6))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 6).mapToObj(i -> "1 job " + i).toList());
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  default void purgedDeadLettersAreGone() {
    JobQueue<String> queue = queue();
    List<DeadLetter> all = rejected(queue, 10);
    assertThat(queue.deadLetters().purge(all.get(3).id())).isTrue();
    assertThat(queue.deadLetters().find(all.get(3).id())).isEmpty();
    assertThat(queue.deadLetters().purgeIf(letter -> letter.reason().contains("seven")))
        .isEqualTo(1);
    assertThat(queue.deadLetters().purgeAll()).isEqualTo(8);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  default void oldestDeadLettersGoWhenThereAreTooMany() {
    JobQueue<String> queue = queue(options().withDeadLetters(DeadLetterLimit.discardingOldest(3)));
    for (int i = 0; i < 5; i++) {
      queue.submit("job " + i);
    }
    queue.workBatches(WorkOptions.workers(1), batch -> batch.forEach(job -> job.reject("no")));
    await(() -> queue.status().totals().deadDiscarded() == 2);
    assertThat(payloads(queue.deadLetters().list(10))).containsExactly("job 2", "job 3", "job 4");
  }

  @Test
  default void workersRestWhenThereAreTooManyDeadLetters() {
    JobQueue<String> queue = queue(options().withDeadLetters(DeadLetterLimit.pausingWorkers(2)));
    for (int i = 0; i < 5; i++) {
      queue.submit("job " + i);
    }
    queue.workBatches(
        WorkOptions.workers(1).batch(1), batch -> batch.forEach(job -> job.reject("no")));
    // Counted when nobody gets jobs any more; the letter itself is there a moment before.
    await(() -> queue.status().totals().died() == 2);
    try (var lease = queue.take(1, Duration.ofMillis(10))) {
      assertThat(lease.isEmpty()).isTrue();
    }
    assertThat(queue.status().counts().ready()).isEqualTo(3);
    assertThat(queue.deadLetters().purgeAll()).isEqualTo(2);
    await(() -> queue.deadLetters().count() == 2);
    assertThat(queue.status().totals().deadDiscarded()).isZero();
  }

  @Test
  default void deadLettersAreThereAgain() {
    assumeSurvival();
    List<DeadLetter> before = rejected(queue(), 3);
    reopened();
    JobQueue<String> queue = queue();
    List<DeadLetter> after = queue.deadLetters().list(10);
    assertThat(payloads(after)).isEqualTo(payloads(before));
    assertThat(after)
        .extracting(DeadLetter::id)
        .isEqualTo(before.stream().map(DeadLetter::id).toList());
    assertThat(after).extracting(DeadLetter::reason).containsOnly("error 17");
    assertThat(queue.recovery().dead()).isEqualTo(3);
  }
}
