package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Capability;
import dev.bobbin.Deduplication;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Priority;
import dev.bobbin.SubmitResult;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is submitted is delivered as it was, once if all goes well. */
interface DeliveryContract extends ContractSetup {
  List<String> HIGHEST_FIRST = List.of("URGENT", "HIGH", "LOW");

  @Test
  default void deliversWhatWasSubmitted() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    queue.submit("Ada");
    queue.submit("");
    queue.submit("\u00e9\u4e16\ud83d\ude00");
    assertThat(seen.next(3)).containsExactly("Ada", "", "\u00e9\u4e16\ud83d\ude00");
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(seen.more()).isZero();
  }

  @Test
  default void deliversEachJobOnceToOneOfManyWorkers() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    List<String> payloads = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
    queue.work(4, seen::add);
    assertThat(queue.submitAll(payloads)).isEqualTo(1000);
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(seen.next(1000)).containsExactlyInAnyOrderElementsOf(payloads);
    assertThat(seen.more()).isZero();
  }

  @Test
  default void deliversInOrderToOneWorker() {
    JobQueue<String> queue = queue();
    List<String> payloads = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
    queue.submitAll(payloads);
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    assertThat(seen.next(100)).isEqualTo(payloads);
  }

  @Test
  default void idIsWhatSubmitReturned() {
    JobQueue<String> queue = queue();
    Seen<JobId> seen = new Seen<>(patience());
    queue.workBatches(WorkOptions.workers(1), batch -> batch.forEach(job -> seen.add(job.id())));
    Set<JobId> ids = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      ids.add(queue.submit("job " + i));
    }
    ids.add(((SubmitResult.Accepted) queue.trySubmit("another")).id());
    assertThat(ids).hasSize(11);
    assertThat(seen.next(11)).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  default void tellsOfTheJob() {
    JobQueue<String> queue = queue();
    Seen<List<Object>> seen = new Seen<>(patience());
    queue.workBatches(
        WorkOptions.workers(1),
        batch ->
            batch.forEach(
                job ->
                    seen.add(
                        List.of(job.attempt(), job.priority(), job.headers(), job.submittedAt()))));
    Instant before = Instant.now();
    queue.submit("job", JobOptions.NONE.header("trace", "7").header("tenant", "\u00e9"));
    List<Object> job = seen.next();
    assertThat(job.subList(0, 3))
        .containsExactly(1, Priority.NORMAL, Map.of("trace", "7", "tenant", "\u00e9"));
    assertThat((Instant) job.get(3))
        .isBetween(before.minusSeconds(2), Instant.now().plusSeconds(2));
  }

  @Test
  default void rawWorkersSeeTheBytes() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          byte[] bytes = new byte[job.length()];
          job.copyTo(bytes, 0);
          seen.add(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
        });
    queue.submit("Ada");
    assertThat(seen.next()).isEqualTo("Ada");
  }

  @Test
  default void delayedJobComesWhenItIsDueAndNotBefore() {
    JobQueue<String> queue = queue();
    Seen<Instant> seen = new Seen<>(patience());
    queue.work(1, payload -> seen.add(Instant.now()));
    Instant before = Instant.now();
    queue.submit("later", Duration.ofMillis(100));
    // Due times are in whole milliseconds.
    assertThat(seen.next()).isAfterOrEqualTo(before.plusMillis(99));
  }

  @Test
  default void jobThatIsNotDueHoldsUpNoOther() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.submit("later", Duration.ofDays(1));
    queue.submit("now");
    queue.work(1, seen::add);
    assertThat(seen.next()).isEqualTo("now");
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.status().counts().delayed()).isEqualTo(1);
    assertThat(seen.more()).isZero();
  }

  @Test
  default void keyKeepsASecondJobOut() {
    JobQueue<String> queue = queue();
    JobId first = queue.submit("first", JobOptions.key("k"));
    assertThat(queue.submit("second", JobOptions.key("k"))).isEqualTo(first);
    assertThat(queue.trySubmit("third", JobOptions.key("k")))
        .isEqualTo(new SubmitResult.Duplicate(first));
    queue.submit("other", JobOptions.key("other"));
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    assertThat(seen.next(2)).containsExactlyInAnyOrder("first", "other");
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(seen.more()).isZero();
  }

  @Test
  default void queuesHaveNamesOfTheirOwn() {
    JobQueue<String> queue = queue();
    assertThat(queue.name()).isEqualTo("contract");
    assertThat(bobbin().queueNames()).contains("contract");
    assertThatThrownBy(this::queue).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> bobbin().queue("No!", dev.bobbin.Codec.text()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void urgentJobsGoFirst() throws InterruptedException {
    assume(Capability.PRIORITIES);
    JobQueue<String> queue = queue();
    List<String> taken = List.of();
    // They come to workers a moment after their submit: a slow machine gets more time for it.
    for (long millis = 10; millis <= 10_000 && !taken.equals(HIGHEST_FIRST); millis *= 10) {
      for (Priority priority : List.of(Priority.LOW, Priority.HIGH, Priority.URGENT)) {
        queue.submit(priority.name(), JobOptions.priority(priority));
      }
      assertThat(queue.status().counts().ready()).isEqualTo(3);
      Thread.sleep(millis);
      Seen<String> seen = new Seen<>(patience());
      Workers worker = queue.work(WorkOptions.workers(1).batch(1), seen::add);
      taken = seen.next(3);
      worker.close();
    }
    assertThat(taken).isEqualTo(HIGHEST_FIRST);
  }

  @Test
  default void copiesOfAJobCarryWhatItCarried() {
    JobQueue<String> queue = queue();
    Seen<Object> seen = new Seen<>(patience());
    queue.workBatches(
        WorkOptions.workers(1),
        batch ->
            batch.forEach(
                job -> {
                  seen.add(List.of(job.attempt(), job.priority(), job.headers(), job.payload()));
                  job.retry(Duration.ZERO, "again");
                }));
    JobOptions options = JobOptions.priority(Priority.HIGH).header("trace", "7").keyed("k");
    JobId id = queue.submit("job", options);
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(seen.next())
          .isEqualTo(List.of(attempt, Priority.HIGH, Map.of("trace", "7"), "job"));
    }
    assertThat(awaitDead(queue, 1).get(0).headers()).isEqualTo(Map.of("trace", "7"));
    assertThat(queue.submit("another", options)).isEqualTo(id);
  }

  @Test
  default void olderKeysAreForgottenWhenThereAreTooMany() {
    JobQueue<String> queue =
        queue(options().withDeduplication(new Deduplication(Duration.ofDays(1), 2)));
    queue.submit("one", JobOptions.key("1"));
    queue.submit("two", JobOptions.key("2"));
    queue.submit("three", JobOptions.key("3"));
    assertThat(queue.trySubmit("again", JobOptions.key("3")).accepted()).isFalse();
    assertThat(queue.trySubmit("again", JobOptions.key("1")).accepted()).isTrue();
  }
}
