package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.Job;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.RetryPolicy;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
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

/** Headers come with their job, whichever way it takes. */
@Timeout(120)
class HeadersTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(2));

  private static final Duration HOUR = Duration.ofHours(1);

  /** In an order that is neither sorted nor that of their hashes. */
  private static final JobOptions HEADERS =
      JobOptions.NONE.header("z", "last\u00e4").header("a", "").header("\uD83E\uDDF5", "m");

  private final BlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();
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

  private static void assertHeaders(Map<String, String> headers) {
    assertThat(headers).containsExactlyEntriesOf(HEADERS.headers());
    assertThatThrownBy(() -> headers.put("b", "c"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private void expectHeaders() throws InterruptedException {
    Map<String, String> headers = seen.poll(60, TimeUnit.SECONDS);
    assertThat(headers).isNotNull();
    assertHeaders(headers);
  }

  private void collect(JobQueue<String> queue, String payload) {
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            assertThat(job.payload()).isEqualTo(payload);
            seen.add(job.headers());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void readyDelayedAndPrioritizedJobsHaveThem(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend);
    collect(queue, "p");
    queue.submit("p", HEADERS);
    expectHeaders();
    queue.submit("p", HEADERS.delayed(Duration.ofMillis(2)));
    expectHeaders();
    queue.submit("p", HEADERS.prioritized(Priority.HIGH).keyed("k").expiringAfter(HOUR));
    expectHeaders();
    queue.submit("p");
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEmpty();
    queue.submit("p", JobOptions.key("other"));
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEmpty();
    assertThat(queue.trySubmit("p", HEADERS).accepted()).isTrue();
    expectHeaders();
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void rawWorkersSeeThemAndThePayloadBehindThem(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend);
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          byte[] payload = new byte[job.length()];
          job.copyTo(payload, 0);
          assertThat(new String(payload, java.nio.charset.StandardCharsets.UTF_8))
              .isEqualTo("12345678");
          assertThat(job.getByte(7)).isEqualTo((byte) '8');
          assertThat(job.getInt(4)).isEqualTo(0x38373635);
          assertThat(job.getLong(0)).isEqualTo(0x3837363534333231L);
          assertThatThrownBy(() -> job.getByte(8)).isInstanceOf(IndexOutOfBoundsException.class);
          assertThatThrownBy(() -> job.getLong(1)).isInstanceOf(IndexOutOfBoundsException.class);
          seen.add(job.headers());
        });
    queue.submit("12345678", HEADERS);
    expectHeaders();
    queue.submit("12345678", HEADERS.delayed(Duration.ofMillis(2)));
    expectHeaders();
    queue.submit("12345678");
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEmpty();
    Crash.await("all is done", () -> queue.status().totals().acked() == 3);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void retriesAndDeadLettersHaveThem(Backend backend) throws Exception {
    JobQueue<String> queue = open(backend);
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> {
          for (Job<String> job : batch) {
            seen.add(job.headers());
          }
          throw new IllegalStateException("no");
        });
    queue.submit("p", HEADERS.keyed("k").expiringAfter(HOUR));
    expectHeaders();
    expectHeaders();
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    assertDead(queue);
    queue.submit("p");
    Crash.await("another", () -> queue.deadLetters().count() == 2);
    assertThat(queue.deadLetters().list(2).get(1).headers()).isEmpty();
  }

  private static void assertDead(JobQueue<String> queue) {
    DeadLetter letter = queue.deadLetters().list(1).get(0);
    assertHeaders(letter.headers());
    assertThat(letter.payload()).isEqualTo(new byte[] {'p'});
    assertThat(letter.reason()).isEqualTo("java.lang.IllegalStateException: no");
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void rawJobThatFailsKeepsThem(Backend backend) {
    JobQueue<String> queue = open(backend);
    queue.workRaw(
        WorkOptions.workers(1),
        job -> {
          throw new IllegalStateException("no");
        });
    queue.submit("p", HEADERS);
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    assertDead(queue);
  }

  @Test
  void theySurviveARestartAndAKill() throws Exception {
    JobQueue<String> queue = open(Backend.DIRECTORY);
    queue.submit("p", HEADERS);
    queue.submit("p", HEADERS);
    queue.sync();
    queue.submit("p", HEADERS.delayed(Duration.ofMillis(1)));
    Path killed = Crash.processDeath(scratch.resolve("live"), scratch.resolve("killed"));
    for (Path directory : new Path[] {scratch.resolve("live"), killed}) {
      bobbin.close();
      bobbin = Bobbin.open(directory);
      collect(bobbin.queue("q", Codec.text(), OPTIONS), "p");
      expectHeaders();
      expectHeaders();
      expectHeaders();
    }
  }

  @Test
  void deadLetterKeepsThemOverAKill() {
    JobQueue<String> queue = open(Backend.DIRECTORY);
    Workers workers =
        queue.work(
            1,
            payload -> {
              throw new IllegalStateException("no");
            });
    queue.submit("p", HEADERS);
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    workers.close();
    Path killed = Crash.processDeath(scratch.resolve("live"), scratch.resolve("killed"));
    bobbin.close();
    bobbin = Bobbin.open(killed);
    assertDead(bobbin.queue("q", Codec.text(), OPTIONS));
  }

  @Test
  void payloadAndExtrasTogetherHaveOneLimit() {
    JobQueue<String> queue = open(Backend.MEMORY);
    JobOptions large = JobOptions.NONE.header("k", "v".repeat(4000));
    // Two bytes for the section's length, five for the header's.
    int left = 4096 - 4001 - 7;
    assertThat(queue.trySubmit("x".repeat(left), large).accepted()).isTrue();
    assertThatThrownBy(() -> queue.submit("x".repeat(left + 1), large))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal()).isEqualTo(Refusal.JOB_TOO_LARGE);
              assertThat(refused.detail())
                  .contains("payload has 89 bytes", "headers", "4008 more", "4096");
            });
    Map<String, String> max = new LinkedHashMap<>();
    max.put("k", "v".repeat(4095));
    assertThat(queue.trySubmit("", new JobOptions(Duration.ZERO, Priority.LOW, max, null, null)))
        .isInstanceOfSatisfying(
            dev.bobbin.SubmitResult.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.JOB_TOO_LARGE));
  }
}
