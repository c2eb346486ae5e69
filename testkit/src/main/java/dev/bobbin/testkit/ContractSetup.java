package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.Bobbin;
import dev.bobbin.Capability;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the parts of {@link BobbinContract} build on. */
interface ContractSetup {
  /** The backend that the test works with; opened when it is first asked for. */
  Bobbin bobbin();

  /** Closes {@link #bobbin} and opens it again. */
  Bobbin reopened();

  /** Options for queues that a test makes many of. */
  QueueOptions options();

  /** How long what has to happen may take. */
  Duration patience();

  /** A queue of text with {@link #options()}. */
  default JobQueue<String> queue() {
    return queue(options());
  }

  /** A queue of text; a failed job comes back at once, three attempts in all. */
  default JobQueue<String> queue(QueueOptions options) {
    RetryPolicy soon = RetryPolicy.exponential(Duration.ZERO).attempts(3);
    return bobbin().queue("contract", Codec.text(), options.withRetry(soon));
  }

  /** Waits until {@code condition} holds. For what no event tells of: figures in the status. */
  default void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience().toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not so within " + patience());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** The dead letters of {@code queue}, once there are {@code count}. */
  default List<DeadLetter> awaitDead(JobQueue<String> queue, int count) {
    await(() -> queue.deadLetters().count() >= count);
    List<DeadLetter> dead = queue.deadLetters().list(count + 1);
    assertThat(dead).hasSize(count);
    return dead;
  }

  /** Skips a test of what is there again after an orderly close, if nothing is. */
  default void assumeSurvival() {
    assume(Capability.KEEPS_JOBS);
  }

  /** Skips a test of what this backend does not say that it can do. */
  default void assume(Capability needed) {
    assumeTrue(bobbin().capabilities().contains(needed), "this backend does not declare " + needed);
  }

  /** Threads that a backend may have besides those of workers, however many queues there are. */
  int idleThreads();
}
