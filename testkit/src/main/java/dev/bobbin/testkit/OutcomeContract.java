package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Each outcome does what it says; what fails too often is set aside and can come back. */
interface OutcomeContract extends ContractSetup {
  @Test
  default void failedJobComesBackAsTheNextAttempt() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            seen.add(job.attempt() + job.id().toString());
            if (job.attempt() < 3) {
              job.retry("not yet");
            }
          }
        });
    JobId id = queue.submit("job");
    assertThat(seen.next(3)).containsExactly("1" + id, "2" + id, "3" + id);
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  default void jobWhoseHandlerAlwaysThrowsEndsAsADeadLetter() {
    JobQueue<String> queue = queue();
    AtomicInteger calls = new AtomicInteger();
    queue.work(
        1,
        payload -> {
          calls.incrementAndGet();
          throw new IllegalStateException("out of paper");
        });
    JobId id = queue.submit("letter", JobOptions.NONE.header("tenant", "a"));
    List<DeadLetter> dead = awaitDead(queue, 1);
    assertThat(calls).hasValue(3);
    assertThat(dead.get(0).id()).isEqualTo(id);
    assertThat(dead.get(0).attempts()).isEqualTo(3);
    assertThat(dead.get(0).reason()).contains("out of paper");
    assertThat(dead.get(0).payload()).isEqualTo("letter".getBytes(StandardCharsets.UTF_8));
    assertThat(dead.get(0).headers()).containsEntry("tenant", "a");
  }

  @Test
  default void snoozeUsesUpNoAttempt() {
    JobQueue<String> queue = queue();
    Seen<Integer> seen = new Seen<>(patience());
    AtomicInteger calls = new AtomicInteger();
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            if (calls.incrementAndGet() < 6) {
              job.snooze(Duration.ofMillis(1));
            }
            seen.add(job.attempt());
          }
        });
    queue.submit("job");
    assertThat(seen.next(6)).containsOnly(1);
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  default void rejectedJobIsSetAsideAtOnce() {
    JobQueue<String> queue = queue();
    queue.workBatches(
        WorkOptions.workers(1), batch -> batch.forEach(job -> job.reject("no such user")));
    queue.submit("job");
    List<DeadLetter> dead = awaitDead(queue, 1);
    assertThat(dead.get(0).attempts()).isEqualTo(1);
    assertThat(dead.get(0).reason()).contains("no such user");
  }

  @Test
  default void outcomesOfABatchAreEachJobsOwn() {
    JobQueue<String> queue = queue();
    queue.submitAll(List.of("ack", "reject", "ack", "reject", "ack"));
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            if (job.payload().equals("ack")) {
              job.ack();
            } else {
              job.reject("told to");
            }
          }
        });
    assertThat(awaitDead(queue, 2)).allMatch(letter -> letter.reason().contains("told to"));
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.status().totals().acked()).isEqualTo(3);
  }

  @Test
  default void secondOutcomeOfAJobIsRefused() {
    JobQueue<String> queue = queue();
    Seen<Throwable> thrown = new Seen<>(patience());
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            job.ack();
            try {
              job.reject("too late");
            } catch (IllegalStateException e) {
              thrown.add(e);
            }
          }
        });
    queue.submit("job");
    assertThat(thrown.next()).isInstanceOf(IllegalStateException.class);
    assertThat(queue.awaitIdle(patience())).isTrue();
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  default void jobThatComesTooLateIsNotStarted() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.submit("milk", JobOptions.NONE.expiringAfter(Duration.ofMillis(1)));
    queue.submit("wine");
    // It is the clock that is waited for.
    Instant over = Instant.now().plusMillis(3);
    while (Instant.now().isBefore(over)) {
      LockSupport.parkNanos(1_000_000);
    }
    queue.work(1, seen::add);
    assertThat(seen.next()).isEqualTo("wine");
    assertThat(awaitDead(queue, 1).get(0).reason()).contains("expired");
    assertThat(seen.more()).isZero();
  }

  /** A codec that cannot do everything. */
  final class Picky implements Codec<String> {
    @Override
    public byte[] encode(String payload) {
      if (payload.equals("unwritable")) {
        throw new IllegalArgumentException("cannot write this");
      }
      return payload.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes, int offset, int length) {
      String payload = new String(bytes, offset, length, StandardCharsets.UTF_8);
      if (payload.equals("unreadable")) {
        throw new IllegalArgumentException("cannot read this");
      }
      return payload;
    }
  }

  @Test
  default void codecThatThrowsRefusesAtSubmitAndMakesADeadLetterAtDelivery() {
    Bobbin bobbin = bobbin();
    JobQueue<String> queue = bobbin.queue("contract", new Picky(), options());
    assertThatThrownBy(() -> queue.submit("unwritable")).hasMessageContaining("cannot write this");
    queue.submit("unreadable");
    queue.submit("fine");
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    assertThat(seen.next()).isEqualTo("fine");
    assertThat(awaitDead(queue, 1).get(0).reason()).contains("cannot read this");
    assertThat(queue.status().totals().submitted()).isEqualTo(2);
  }
}
