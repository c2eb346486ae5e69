package dev.bobbin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a job whose codec throws or returns null, in memory and on a directory. */
@Timeout(120)
@ParameterizedClass
@EnumSource(Backend.class)
class CodecTest {
  /** Text that does, on its way in or out, what it says. */
  private static final class Moody implements Codec<String> {
    /** What is thrown the next few times. */
    final Queue<Error> errors = new ConcurrentLinkedQueue<>();

    @Override
    public byte[] encode(String payload) {
      return switch (payload) {
        case "throw on encode" -> throw new IllegalArgumentException("cannot write it");
        case "null on encode" -> null;
        default -> payload.getBytes(UTF_8);
      };
    }

    @Override
    public String decode(byte[] bytes, int offset, int length) {
      String payload = new String(bytes, offset, length, UTF_8);
      Error error = payload.equals("fail for a while") ? errors.poll() : null;
      if (error != null) {
        throw error;
      }
      return switch (payload) {
        case "throw on decode" -> throw new IllegalStateException("cannot read it");
        case "overflow on decode" -> throw new StackOverflowError();
        case "long words on decode" -> throw new IllegalStateException("\u00fc".repeat(5000));
        case "null on decode" -> null;
        default -> payload;
      };
    }
  }

  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withRetry(RetryPolicy.exponential(Duration.ZERO).attempts(3));

  @Parameter Backend backend;

  @TempDir Path directory;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final Moody codec = new Moody();
  private Bobbin bobbin;
  private JobQueue<String> queue;

  @BeforeEach
  void open() {
    bobbin = backend.open(directory);
    queue = bobbin.queue("q", codec, OPTIONS);
  }

  @AfterEach
  void close() {
    bobbin.close();
  }

  private DeadLetter onlyDead() {
    Crash.await("a dead letter", () -> queue.deadLetters().count() == 1);
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    return queue.deadLetters().list(10).get(0);
  }

  private void expect(String... payloads) throws InterruptedException {
    for (String payload : payloads) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(payload);
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void everyWayToSubmitThrowsWhatEncodeThrowsAndQueuesNothing() throws Exception {
    String bad = "throw on encode";
    for (Runnable submit :
        List.<Runnable>of(
            () -> queue.submit(bad),
            () -> queue.submit(bad, Duration.ofMillis(1)),
            () -> queue.submit(bad, JobOptions.priority(Priority.HIGH).keyed("k")),
            () -> queue.trySubmit(bad),
            () -> queue.trySubmit(bad, JobOptions.key("k")),
            () -> queue.submitAll(List.of(bad)))) {
      assertThatThrownBy(submit::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("cannot write it");
    }
    assertThat(queue.status().unfinished()).isZero();
    queue.work(1, seen::add);
    queue.submit("after", JobOptions.key("k"));
    expect("after");
  }

  @Test
  void submitAllKeepsTheJobsBeforeTheOneThatCannotBeEncoded() throws Exception {
    assertThatThrownBy(() -> queue.submitAll(List.of("a", "b", "throw on encode", "c")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(queue.status().counts().ready()).isEqualTo(2);
    queue.work(1, seen::add);
    expect("a", "b");
  }

  @Test
  void nullFromEncodeIsRefusedAndNamesTheCodec() {
    assertThatThrownBy(() -> queue.submit("null on encode"))
        .isInstanceOf(NullPointerException.class)
        .hasMessageStartingWith("dev.bobbin.CodecTest$Moody.encode returned null");
    assertThat(queue.status().unfinished()).isZero();
  }

  @Test
  void nullPayloadIsRefusedBeforeTheCodecSeesIt() {
    assertThatThrownBy(() -> queue.submit(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("payload");
    assertThat(queue.status().unfinished()).isZero();
  }

  @Test
  void jobThatDecodeThrowsOnIsADeadLetterAtOnceAndItsNeighboursAreDelivered() throws Exception {
    queue.submitAll(List.of("a", "throw on decode", "b"));
    queue.work(1, seen::add);
    expect("a", "b");
    DeadLetter letter = onlyDead();
    assertThat(letter.reason())
        .isEqualTo("cannot be decoded: java.lang.IllegalStateException: cannot read it");
    assertThat(letter.payload()).isEqualTo("throw on decode".getBytes(UTF_8));
    assertThat(letter.attempts()).isEqualTo(1);
    assertThat(queue.status().totals().retried()).isZero();
  }

  @Test
  void jobThatDecodeReturnsNullForIsADeadLetter() throws Exception {
    queue.submitAll(List.of("a", "null on decode", "b"));
    queue.work(1, seen::add);
    expect("a", "b");
    assertThat(onlyDead().reason())
        .isEqualTo(
            "cannot be decoded: java.lang.NullPointerException:"
                + " dev.bobbin.CodecTest$Moody.decode returned null");
  }

  @Test
  void jobIsTriedAgainAfterAnErrorOnDecode() throws Exception {
    codec.errors.add(new OutOfMemoryError("for a moment"));
    codec.errors.add(new NoClassDefFoundError("not yet"));
    queue.submitAll(List.of("a", "fail for a while", "b"));
    queue.workBatches(
        WorkOptions.workers(1),
        batch -> batch.forEach(job -> seen.add(job.payload() + " " + job.attempt())));
    expect("a 1", "b 1", "fail for a while 3");
    Crash.await("all is done", () -> queue.status().unfinished() == 0);
    assertThat(queue.deadLetters().count()).isZero();
    assertThat(queue.status().totals().failed()).isEqualTo(2);
    assertThat(queue.status().totals().rejected()).isZero();
  }

  @Test
  void errorOnDecodeThatStaysIsADeadLetterAfterTheLastAttempt() {
    queue.submit("overflow on decode");
    queue.work(1, seen::add);
    DeadLetter letter = onlyDead();
    assertThat(letter.reason()).isEqualTo("cannot be decoded: java.lang.StackOverflowError");
    assertThat(letter.attempts()).isEqualTo(3);
    assertThat(queue.status().totals().rejected()).isZero();
  }

  @Test
  void leaseIsTriedAgainAfterAnErrorOnDecode() {
    codec.errors.add(new OutOfMemoryError("for a moment"));
    queue.submit("fail for a while");
    Lease<String> lease = queue.take(4, Duration.ofSeconds(60));
    assertThat(lease).extracting(LeasedJob::attempt).containsExactly(2);
    assertThat(lease.ackAll()).isEqualTo(1);
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void delayedJobThatCannotBeDecodedIsADeadLetter() {
    queue.submit("throw on decode", Duration.ofMillis(1));
    queue.work(1, seen::add);
    assertThat(onlyDead().reason()).endsWith("cannot read it");
  }

  @Test
  void longReasonIsCutBetweenCharacters() {
    queue.submit("long words on decode");
    queue.work(1, seen::add);
    String reason = onlyDead().reason();
    assertThat(reason.getBytes(UTF_8).length).isBetween(900, 1024);
    assertThat(reason).matches("cannot be decoded: java.lang.IllegalStateException: \u00fc+");
  }

  @Test
  void batchHandlerIsNotCalledForABatchOfWhichNothingCanBeDecoded() throws Exception {
    queue.submitAll(List.of("throw on decode", "null on decode"));
    queue.workBatches(WorkOptions.workers(1), batch -> seen.add(batch.size() + ""));
    Crash.await("both are dead", () -> queue.deadLetters().count() == 2);
    queue.submit("a");
    expect("1");
  }

  @Test
  void leaseLeavesOutWhatCannotBeDecoded() {
    List<String> payloads = List.of("null on decode", "a", "throw on decode", "b");
    queue.submitAll(payloads);
    Lease<String> lease = queue.take(4, Duration.ofSeconds(60));
    assertThat(lease).extracting(LeasedJob::payload).containsExactly("a", "b");
    assertThat(lease.unsettled()).isEqualTo(2);
    assertThat(queue.deadLetters().list(10))
        .extracting(DeadLetter::reason)
        .containsExactly(
            "cannot be decoded: java.lang.NullPointerException:"
                + " dev.bobbin.CodecTest$Moody.decode returned null",
            "cannot be decoded: java.lang.IllegalStateException: cannot read it");
    assertThat(lease.job(1).ack()).isTrue();
    assertThat(lease.ackAll()).isEqualTo(1);
    assertThat(queue.status().unfinished()).isZero();
    assertThat(queue.status().totals().rejected()).isEqualTo(2);
  }

  @Test
  void takeOfNothingThatCanBeDecodedIsEmpty() {
    queue.submitAll(List.of("throw on decode", "null on decode"));
    assertThat(queue.take(4, Duration.ofMillis(50)).isEmpty()).isTrue();
    assertThat(queue.deadLetters().count()).isEqualTo(2);
    assertThat(queue.status().unfinished()).isZero();
    queue.submit("a");
    assertThat(queue.take(4, Duration.ofSeconds(60)))
        .extracting(LeasedJob::payload)
        .containsExactly("a");
  }

  @Test
  void rawWorkersNeedNoDecoding() throws Exception {
    queue.submit("throw on decode");
    queue.workRaw(WorkOptions.workers(1), job -> seen.add(job.length() + ""));
    expect("15");
    assertThat(queue.deadLetters().count()).isZero();
  }

  @Test
  void reasonIsThereAfterAReopen() {
    assumeTrue(backend == Backend.DIRECTORY);
    queue.submit("throw on decode");
    queue.work(1, seen::add);
    onlyDead();
    bobbin.close();
    open();
    assertThat(onlyDead().reason()).endsWith("cannot read it");
  }
}
