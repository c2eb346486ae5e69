package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.Job;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that comes too late is not started, and says so. */
@Timeout(120)
class ExpiryTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final JobOptions BRIEF = JobOptions.NONE.expiringAfter(Duration.ofMillis(1));
  private static final JobOptions LONG = JobOptions.NONE.expiringAfter(HOUR).header("a", "1");
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withRetry(RetryPolicy.exponential(Duration.ofHours(2)).attempts(3));

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Bobbin bobbin = Bobbin.inMemory();

  @TempDir Path scratch;

  @AfterEach
  void close() {
    bobbin.close();
  }

  private JobQueue<String> open(Backend backend) {
    bobbin.close();
    bobbin = backend.open(scratch.resolve("live"));
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /** Submits jobs of which two are too late, and waits until they are. */
  private static void submitLateOnes(JobQueue<String> queue) {
    queue.submit("a", LONG);
    queue.submit("late 1", BRIEF);
    queue.submit("b");
    queue.submit("late 2", BRIEF.prioritized(Priority.HIGH));
    queue.submit("c", LONG);
    long now = System.currentTimeMillis();
    Crash.await("time to pass", () -> System.currentTimeMillis() > now + 1);
  }

  private void expect(String... payloads) throws InterruptedException {
    for (String payload : payloads) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(payload);
    }
  }

  private static List<DeadLetter> dead(JobQueue<String> queue, int count) {
    Crash.await(count + " dead letters", () -> queue.deadLetters().count() == count);
    return queue.deadLetters().list(count);
  }

  private void assertLateOnesAreDead(JobQueue<String> queue) throws InterruptedException {
    expect("a", "b", "c");
    for (DeadLetter letter : dead(queue, 2)) {
      assertThat(letter.reason())
          .startsWith("expired: its time to live ended at 20")
          .endsWith(" ms before it could be started");
      assertThat(letter.attempts()).as("it was never started").isZero();
    }
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(queue.status().totals().acked()).isEqualTo(3);
    assertThat(queue.status().totals().died()).isEqualTo(2);
    // Counted last.
    Crash.await("why they died", () -> queue.status().totals().expired() == 2);
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void batchWorkersDoNotSeeLateJobs(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend);
    submitLateOnes(queue);
    queue.work(1, seen::add);
    assertLateOnesAreDead(queue);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void rawWorkersDoNotSeeLateJobs(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend);
    submitLateOnes(queue);
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          byte[] payload = new byte[job.length()];
          job.copyTo(payload, 0);
          seen.add(new String(payload, java.nio.charset.StandardCharsets.UTF_8));
        });
    assertLateOnesAreDead(queue);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void leasesHaveNoLateJobs(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend);
    submitLateOnes(queue);
    // The one of a higher priority reaches takers a moment after the others.
    while (seen.size() < 3 || queue.deadLetters().count() < 2) {
      try (Lease<String> lease = queue.take(10, Duration.ofMillis(20))) {
        for (LeasedJob<String> job : lease) {
          assertThat(job.headers())
              .isEqualTo(job.payload().equals("b") ? Map.of() : LONG.headers());
          seen.add(job.payload());
          assertThat(job.ack()).isTrue();
        }
      }
    }
    assertLateOnesAreDead(queue);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void jobWhoseLeaseIsLostKeepsItsPlaceAmongThePriorities(Backend backend) {
    JobQueue<String> queue = open(backend);
    queue.submit("urgent", LONG.prioritized(Priority.URGENT));
    try (Lease<String> lease = queue.take(1, Duration.ofSeconds(60))) {
      assertThat(lease.job(0).priority()).isEqualTo(Priority.URGENT);
      queue.submit("normal");
    }
    try (Lease<String> lease = queue.take(1, Duration.ofSeconds(60))) {
      assertThat(lease.job(0).payload()).isEqualTo("urgent");
      assertThat(lease.job(0).headers()).isEqualTo(LONG.headers());
    }
  }

  @Test
  void lateJobsAreFoundAfterAKillToo() throws Exception {
    JobQueue<String> before = open(Backend.DIRECTORY);
    submitLateOnes(before);
    Path killed = Crash.processDeath(scratch.resolve("live"), scratch.resolve("killed"));
    bobbin.close();
    bobbin = Bobbin.open(killed);
    JobQueue<String> queue = bobbin.queue("q", Codec.text(), OPTIONS);
    queue.work(1, seen::add);
    assertLateOnesAreDead(queue);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void retryThatWouldComeTooLateIsSetAsideAtOnceWithItsError(Backend backend) {
    JobQueue<String> queue = open(backend);
    queue.work(
        1,
        payload -> {
          throw new IllegalStateException("no " + payload);
        });
    queue.submit("a", LONG);
    DeadLetter letter = dead(queue, 1).get(0);
    assertThat(letter.reason())
        .startsWith("expired: its time to live ended at 20")
        .contains(", before it was due again at 20")
        .endsWith("; last error: java.lang.IllegalStateException: no a");
    assertThat(letter.attempts()).isEqualTo(1);
    assertThat(letter.headers()).containsEntry("a", "1");
    assertThat(queue.status().totals().retried()).isZero();
    queue.submit("b");
    Crash.await(
        "a job that does not expire is retried", () -> queue.status().totals().retried() == 1);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void snoozeBeyondTheEndIsSetAsideAtOnce(Backend backend) {
    JobQueue<String> queue = open(backend);
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            job.snooze(job.payload().equals("a") ? HOUR.multipliedBy(2) : HOUR.dividedBy(2));
          }
        });
    queue.submit("a", LONG);
    queue.submit("b", LONG);
    assertThat(dead(queue, 1).get(0).reason()).startsWith("expired: ").doesNotContain("error");
    Crash.await("b is put off", () -> queue.status().counts().delayed() == 1);
    assertThat(queue.status().totals().snoozed()).isEqualTo(1);
  }

  @Test
  void timeToLiveThatEndsBeforeTheDelayIsRefused() {
    JobQueue<String> queue = open(Backend.MEMORY);
    JobOptions never = JobOptions.delay(HOUR).expiringAfter(HOUR);
    assertThatThrownBy(() -> queue.submit("a", never))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("timeToLive", "delay", "PT1H");
    assertThatThrownBy(() -> queue.trySubmit("a", never))
        .isInstanceOf(IllegalArgumentException.class);
    queue.submit("a", never.expiringAfter(HOUR.plusMillis(1)));
  }
}
