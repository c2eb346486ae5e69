package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Capability;
import dev.bobbin.JobQueue;
import dev.bobbin.Limits;
import dev.bobbin.QueueStatus;
import dev.bobbin.QueueStatus.ErrorKind;
import dev.bobbin.Refusal;
import dev.bobbin.Verdict;
import dev.bobbin.Verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A queue says how it is: what is where, how fast, how safe, and what it comes to. */
interface StatusContract extends ContractSetup {
  @Test
  default void statusCountsJobsByState() {
    JobQueue<String> queue = queue();
    queue.submitAll(List.of("acked", "held", "ready"));
    queue.submit("delayed", Duration.ofDays(1));
    try (var lease = queue.take(2, patience())) {
      lease.job(0).ack();
      QueueStatus status = queue.status();
      assertThat(status.queue()).isEqualTo("contract");
      assertThat(status.counts()).isEqualTo(new QueueStatus.Counts(1, 1, 1, 0));
      assertThat(status.unfinished()).isEqualTo(3);
      assertThat(status.totals().submitted()).isEqualTo(4);
      assertThat(status.totals().acked()).isEqualTo(1);
      assertThat(status.failure()).isEmpty();
    }
  }

  @Test
  default void statusTellsHowLongJobsWaitAndHandlersTake() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    await(() -> queue.status().times().oldestReady().toMillis() > 0);
    queue.work(1, payload -> LockSupport.parkNanos(5_000_000));
    assertThat(queue.awaitIdle(patience())).isTrue();
    // What was recorded is collected about once a second, each figure for itself.
    await(() -> queue.status().times().handlers().count() == 1);
    await(() -> queue.status().times().waits().count() == 1);
    QueueStatus status = queue.status();
    assertThat(status.times().oldestReady()).isZero();
    assertThat(status.times().waits().count()).isEqualTo(1);
    assertThat(status.times().handlers().max()).isPositive();
    assertThat(status.workers().running()).isEqualTo(1);
    assertThat(status.workers().groups()).hasSize(1);
  }

  @Test
  default void statusCountsErrorsByKind() {
    JobQueue<String> queue = queue();
    queue.work(
        1,
        payload -> {
          throw new IllegalStateException(payload);
        });
    queue.submitAll(List.of("no user 17", "no user 18", "no paper"));
    await(() -> queue.deadLetters().count() == 3);
    // The status shows what was counted up to a second ago: perhaps some of them only.
    await(() -> countedErrors(queue) >= 9);
    var kinds = queue.status().errors().kinds();
    assertThat(kinds).hasSize(2);
    assertThat(kinds.get(0).error()).contains("no user #");
    assertThat(kinds.get(0).count()).isEqualTo(6);
    assertThat(kinds.get(1).count()).isEqualTo(3);
  }

  private static long countedErrors(JobQueue<String> queue) {
    return queue.status().errors().kinds().stream().mapToLong(ErrorKind::count).sum();
  }

  @Test
  default void refusalsAreCountedByReason() {
    JobQueue<String> queue = queue(options().withLimits(Limits.DEFAULT.withJobs(2)));
    queue.submitAll(List.of("one", "two"));
    queue.trySubmit("three");
    queue.trySubmit("four");
    var refusals = Objects.requireNonNull(queue.status().refusals().get(Refusal.JOB_LIMIT));
    assertThat(refusals.count()).isEqualTo(2);
    assertThat(refusals.first()).isBeforeOrEqualTo(refusals.last());
    assertThat(refusals.lastDetail()).isNotBlank();
    assertThat(queue.status().limits().jobs()).isEqualTo(2);
    assertThat(queue.status().limits().maxJobs()).isEqualTo(2);
  }

  @Test
  default void statusTellsWhatTheMachinesDeathWouldCost() {
    JobQueue<String> queue = queue();
    queue.submit("job");
    queue.sync();
    assertThat(queue.status().durability().notDurableBytes()).isZero();
    assertThat(queue.status().durability().notDurableFor()).isZero();
    assertThat(queue.status().recovery()).isEqualTo(queue.recovery());
    assume(Capability.SURVIVES_PROCESS_DEATH);
    assertThat(queue.status().durability().flushes()).isPositive();
    assertThat(queue.status().journal().segments()).isPositive();
    assertThat(queue.status().journal().liveBytes()).isPositive();
  }

  @Test
  default void verdictIsThereFromTheBeginningAndSaysWhy() {
    QueueStatus status = queue().status();
    assertThat(status.verdict().kind()).isEqualTo(Kind.HEALTHY);
    assertThat(status.verdict().reason()).isNotBlank();
    assertThat(status.history()).last().isEqualTo(status.verdict());
  }

  @Test
  default void verdictFollowsWhatHappensAndIsKept() {
    JobQueue<String> queue = queue(options().withLimits(Limits.DEFAULT.withJobs(1)));
    queue.pause();
    await(() -> queue.status().verdict().kind() == Kind.PAUSED);
    queue.submit("one");
    queue.trySubmit("two");
    await(() -> queue.status().verdict().kind() == Kind.FULL);
    QueueStatus status = queue.status();
    assertThat(status.verdict().reason()).containsPattern("[0-9]");
    assertThat(status.verdict().also()).anyMatch(finding -> finding.kind() == Kind.PAUSED);
    assertThat(status.history())
        .extracting(Verdict::kind)
        .containsExactly(Kind.HEALTHY, Kind.PAUSED, Kind.FULL);
  }
}
