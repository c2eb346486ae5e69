package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Capability;
import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Priority;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A queue pauses, drains, closes and says how it is; what survives is there again. */
interface LifeContract extends ContractSetup {
  @Test
  default void pausedQueueTakesJobsAndHandsNoneOut() {
    JobQueue<String> queue = queue();
    queue.pause();
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    queue.submit("job");
    try (var lease = queue.take(1, Duration.ofMillis(1))) {
      assertThat(lease.isEmpty()).isTrue();
    }
    assertThat(seen.more()).isZero();
    queue.resume();
    assertThat(seen.next()).isEqualTo("job");
  }

  @Test
  default void drainingQueueRefusesJobsAndFinishesThoseThatItHas() {
    JobQueue<String> queue = queue();
    queue.submitAll(List.of("one", "two"));
    queue.submit("later", Duration.ofDays(1));
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    assertThat(queue.drain(patience())).isTrue();
    assertThat(seen.next(2)).containsExactly("one", "two");
    assertThat(((SubmitResult.Refused) queue.trySubmit("three")).refusal())
        .isEqualTo(Refusal.DRAINING);
    queue.resume();
    assertThat(queue.trySubmit("three").accepted()).isTrue();
  }

  @Test
  default void drainGivesUpWhenItsTimeIsOver() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    assertThat(queue.drain(Duration.ofMillis(5))).isFalse();
  }

  @Test
  default void closeFinishesWhatIsInHandAndRefusesTheRest() throws Exception {
    JobQueue<String> queue = queue();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Seen<String> seen = new Seen<>(patience());
    queue.work(
        1,
        payload -> {
          begun.countDown();
          goOn.await();
          seen.add(payload);
        });
    queue.submit("job");
    assertThat(begun.await(patience().toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    Thread closer = new Thread(queue::close);
    closer.start();
    goOn.countDown();
    closer.join(patience().toMillis());
    assertThat(closer.isAlive()).isFalse();
    assertThat(seen.next()).isEqualTo("job");
    queue.close();
    assertThatThrownBy(() -> queue.submit("late"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CLOSED));
    assertThatThrownBy(() -> queue.work(1, seen::add)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void closedQueueCanBeOpenedAgain() {
    queue().close();
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    queue.work(1, seen::add);
    queue.submit("job");
    assertThat(seen.next()).isEqualTo("job");
  }

  @Test
  default void handlerCannotCloseItsQueue() {
    JobQueue<String> queue = queue();
    Seen<Class<?>> thrown = new Seen<>(patience());
    queue.work(
        1,
        payload -> {
          try {
            queue.close();
          } catch (IllegalStateException e) {
            thrown.add(e.getClass());
          }
        });
    queue.submit("job");
    assertThat(thrown.next()).isEqualTo(IllegalStateException.class);
  }

  @Test
  default void stoppedWorkersLeaveTheOthersTheirJobs() {
    JobQueue<String> queue = queue();
    Seen<String> seen = new Seen<>(patience());
    Workers first = queue.work(2, seen::add);
    queue.submit("one");
    assertThat(seen.next()).isEqualTo("one");
    first.close();
    queue.submit("two");
    queue.work(1, seen::add);
    assertThat(seen.next()).isEqualTo("two");
  }

  // What survives.

  @Test
  default void backendSaysWhatItCanDo() {
    assertThat(bobbin().capabilities()).doesNotContainNull();
    if (bobbin().capabilities().contains(Capability.SURVIVES_MACHINE_DEATH)) {
      assertThat(bobbin().capabilities()).contains(Capability.KEEPS_JOBS);
    }
  }

  @Test
  default void unfinishedJobsAreThereAgain() {
    assumeSurvival();
    JobQueue<String> before = queue();
    JobId id = before.submit("ready", JobOptions.NONE.header("trace", "7"));
    before.submit("acked");
    before.submit("delayed", Duration.ofDays(1));
    try (var lease = before.take(2, patience())) {
      assertThat(lease.job(1).ack()).isTrue();
    }
    reopened();
    JobQueue<String> after = queue();
    assertThat(after.recovery().created()).isFalse();
    assertThat(after.recovery().unfinished()).isEqualTo(2);
    try (var lease = after.take(10, patience())) {
      assertThat(lease.size()).isEqualTo(1);
      assertThat(lease.job(0).id()).isEqualTo(id);
      assertThat(lease.job(0).payload()).isEqualTo("ready");
      assertThat(lease.job(0).headers()).containsEntry("trace", "7");
      assertThat(lease.job(0).attempt()).isEqualTo(1);
      lease.ackAll();
    }
    assertThat(after.status().counts().delayed()).isEqualTo(1);
  }

  @Test
  default void attemptsAndDeadLettersAreThereAgain() {
    assumeSurvival();
    JobQueue<String> before = queue();
    before.submitAll(List.of("again", "dead"));
    try (var lease = before.take(2, patience())) {
      assertThat(lease.job(0).retry(Duration.ofMillis(1), "first failure")).isTrue();
      assertThat(lease.job(1).reject("no")).isTrue();
    }
    reopened();
    JobQueue<String> after = queue();
    try (var lease = after.take(1, patience())) {
      assertThat(lease.job(0).payload()).isEqualTo("again");
      assertThat(lease.job(0).attempt()).isEqualTo(2);
      lease.ackAll();
    }
    assertThat(after.deadLetters().list(10)).hasSize(1);
    assertThat(after.deadLetters().list(10).get(0).reason()).contains("no");
  }

  @Test
  default void keysOfUnfinishedJobsAreKnownAgain() {
    assumeSurvival();
    assume(Capability.KEEPS_KEYS);
    JobId first = queue().submit("first", JobOptions.key("k"));
    reopened();
    assertThat(queue().trySubmit("second", JobOptions.key("k")))
        .isEqualTo(new SubmitResult.Duplicate(first));
  }

  @Test
  default void fencingTokensGrowOverARestart() {
    assumeSurvival();
    assume(Capability.FENCING_TOKENS);
    JobQueue<String> before = queue();
    before.submit("job");
    long token = before.take(1, patience()).token();
    reopened();
    try (var lease = queue().take(1, patience())) {
      assertThat(lease.token()).isGreaterThan(token);
    }
  }

  @Test
  default void closeWithATimeOutHandsBackWhatDoesNotEnd() {
    JobQueue<String> before = queue();
    CountDownLatch begun = new CountDownLatch(1);
    before.work(
        1,
        payload -> {
          begun.countDown();
          new CountDownLatch(1).await();
        });
    before.submit("job");
    await(() -> begun.getCount() == 0);
    before.close(Duration.ofMillis(10));
    assumeSurvival();
    reopened();
    JobQueue<String> after = queue();
    assertThat(after.recovery().cleanlyClosed()).isTrue();
    try (var lease = after.take(1, patience())) {
      assertThat(lease.job(0).payload()).isEqualTo("job");
      assertThat(lease.job(0).attempt()).isEqualTo(1);
      lease.ackAll();
    }
  }

  @Test
  default void whatAJobCarriesIsThereAgain() {
    assumeSurvival();
    assume(Capability.PRIORITIES);
    JobQueue<String> before = queue();
    before.submit("low", JobOptions.priority(Priority.LOW).header("trace", "7"));
    before.submit("milk", JobOptions.NONE.expiringAfter(Duration.ofMillis(1)));
    before.submit("urgent", JobOptions.priority(Priority.URGENT));
    reopened();
    JobQueue<String> after = queue();
    try (var urgent = after.take(1, patience());
        var low = after.take(1, patience())) {
      assertThat(urgent.job(0).payload()).isEqualTo("urgent");
      assertThat(urgent.job(0).priority()).isEqualTo(Priority.URGENT);
      assertThat(low.job(0).payload()).isEqualTo("low");
      assertThat(low.job(0).headers()).containsEntry("trace", "7");
      urgent.ackAll();
      low.ackAll();
    }
    // It is met by who takes it, when it has been read.
    await(
        () -> {
          try (var none = after.take(1, Duration.ofMillis(10))) {
            assertThat(none.isEmpty()).isTrue();
          }
          return after.deadLetters().count() > 0;
        });
    assertThat(awaitDead(after, 1).get(0).reason()).contains("expired");
  }
}
