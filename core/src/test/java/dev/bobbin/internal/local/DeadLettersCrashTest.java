package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.Delivered;
import dev.bobbin.internal.ring.RingFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a retry or a purge is left when the queue is closed, or its process or machine dies. */
@Timeout(120)
class DeadLettersCrashTest {
  /** Nothing is flushed unless a test syncs. */
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofSeconds(10));

  @TempDir Path scratch;
  private Path live;
  private int copies;

  private JobQueue<String> open(Bobbin bobbin) {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /** A directory with the dead letters a and b, in the journal. */
  private void twoLetters() {
    live = scratch.resolve("live");
    try (Bobbin bobbin = Bobbin.open(live)) {
      JobQueue<String> queue = open(bobbin);
      die(queue, "a", "b");
    }
  }

  private static void die(JobQueue<String> queue, String... payloads) {
    queue.submitAll(List.of(payloads));
    reject(queue, payloads.length);
  }

  private static void reject(JobQueue<String> queue, long letters) {
    try (Workers workers =
        queue.workBatches(WorkOptions.workers(1), batch -> batch.forEach(j -> j.reject("no")))) {
      assertThat(workers.size()).isEqualTo(1);
      Crash.await("they are dead", () -> queue.deadLetters().count() == letters);
    }
  }

  private static JobId id(JobQueue<String> queue, int index) {
    return queue.deadLetters().list(10).get(index).id();
  }

  /** What the death of the process leaves after {@code life}. */
  private Path dies(Consumer<JobQueue<String>> life) {
    try (Bobbin bobbin = Bobbin.open(live)) {
      life.accept(open(bobbin));
      return Crash.processDeath(live, scratch.resolve("dead" + copies++));
    }
  }

  private Path closes(Consumer<JobQueue<String>> life) {
    try (Bobbin bobbin = Bobbin.open(live)) {
      life.accept(open(bobbin));
    }
    return live;
  }

  /** Two cycles: the second writes the acks that the first has drained. */
  private static void flushTwice(JobQueue<String> queue) {
    for (int i = 0; i < 2; i++) {
      queue.submit("filler");
      queue.sync();
    }
  }

  /** Every payload that is still there: jobs that are delivered, and dead letters in brackets. */
  private List<String> left(Path directory) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = open(bobbin);
      List<String> dead =
          queue.deadLetters().list(100).stream()
              .map(DeadLetter::payload)
              .map(bytes -> "[" + new String(bytes, java.nio.charset.StandardCharsets.UTF_8) + "]")
              .toList();
      List<String> jobs =
          Crash.take(queue, (int) queue.recovery().unfinished()).stream()
              .filter(job -> !job.payload().equals("filler"))
              .map(job -> job.payload() + job.attempt())
              .toList();
      return java.util.stream.Stream.concat(jobs.stream(), dead.stream()).toList();
    }
  }

  @Test
  void purgedLetterIsGoneAfterAClose() {
    twoLetters();
    assertThat(left(closes(queue -> queue.deadLetters().purge(id(queue, 0)))))
        .containsExactly("[b]");
    assertThat(left(closes(queue -> queue.deadLetters().purgeAll()))).isEmpty();
  }

  @Test
  void purgedLetterIsGoneAfterTheFlushes() {
    twoLetters();
    Path dead =
        dies(
            queue -> {
              queue.deadLetters().purge(id(queue, 0));
              flushTwice(queue);
            });
    assertThat(left(dead)).containsExactly("[b]");
  }

  @Test
  void letterThatWasNeverFlushedIsGoneWithItsPurge() {
    live = scratch.resolve("live");
    Path dead =
        dies(
            queue -> {
              die(queue, "a", "b");
              queue.deadLetters().purge(id(queue, 0));
            });
    assertThat(left(dead)).containsExactly("[b]");
  }

  @Test
  void retriedLetterIsAJobAfterAClose() {
    twoLetters();
    assertThat(left(closes(queue -> queue.deadLetters().retry(id(queue, 1)))))
        .containsExactly("b1", "[a]");
    assertThat(left(live)).containsExactly("[a]");
  }

  @Test
  void retriedJobThatWasAckedIsGoneAfterAClose() {
    twoLetters();
    closes(
        queue -> {
          assertThat(queue.deadLetters().retryAll()).isEqualTo(2);
          assertThat(Crash.take(queue, 2)).hasSize(2);
        });
    assertThat(left(live)).isEmpty();
  }

  @Test
  void retriedLetterIsAJobAfterTheDeathOfTheProcess() {
    twoLetters();
    Path dead = dies(queue -> queue.deadLetters().retry(id(queue, 0)));
    assertThat(left(dead)).containsExactly("a1", "[b]");
    assertThat(left(dead)).containsExactly("[b]");
  }

  /** The crash comes between the copy and the report: the log of reports does not have it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crashBetweenCopyAndReportLeavesTheJobAlone(boolean lettersInJournal) {
    if (lettersInJournal) {
      twoLetters();
    } else {
      live = scratch.resolve("live");
    }
    Path dead =
        dies(
            queue -> {
              if (!lettersInJournal) {
                die(queue, "a", "b");
              }
              assertThat(queue.deadLetters().retryAll()).isEqualTo(2);
            });
    Crash.zero(Crash.ring(dead), RingFile.MARK_AT, RingFile.ringAt(OPTIONS.ringBytes()));
    assertThat(left(dead)).containsExactly("a1", "b1");
    assertThat(left(dead)).isEmpty();
  }

  @Test
  void retriedLetterIsAJobAfterTheDeathOfTheMachineOnceSynced() {
    twoLetters();
    Path dead =
        dies(
            queue -> {
              queue.deadLetters().retry(id(queue, 0));
              // The job is in the journal now; the report of its letter waits for the next cycle.
              queue.sync();
            });
    Crash.zero(Crash.ring(dead), 0, RingFile.bytes(OPTIONS.ringBytes()));
    assertThat(left(dead)).containsExactly("a1", "[b]");
  }

  @Test
  void letterIsWhatItWasIfTheMachineDiesBeforeTheFlush() {
    twoLetters();
    Path dead = dies(queue -> queue.deadLetters().retry(id(queue, 0)));
    Crash.zero(Crash.ring(dead), 0, RingFile.bytes(OPTIONS.ringBytes()));
    assertThat(left(dead)).containsExactly("[a]", "[b]");
  }

  @Test
  void jobThatDiesAgainIsOneLetter() {
    twoLetters();
    JobId[] first = new JobId[1];
    Path dead =
        dies(
            queue -> {
              first[0] = id(queue, 0);
              queue.deadLetters().retry(first[0]);
              reject(queue, 2);
              assertThat(queue.deadLetters().list(10))
                  .extracting(DeadLetter::id)
                  .endsWith(first[0]);
            });
    Crash.zero(Crash.ring(dead), RingFile.MARK_AT, RingFile.ringAt(OPTIONS.ringBytes()));
    assertThat(left(dead)).containsExactly("[b]", "[a]");
  }

  @Test
  void retriedJobKeepsItsIdOverRestarts() {
    twoLetters();
    JobId[] id = new JobId[1];
    closes(
        queue -> {
          id[0] = id(queue, 1);
          queue.deadLetters().retry(id[0]);
        });
    try (Bobbin bobbin = Bobbin.open(live)) {
      assertThat(Crash.take(open(bobbin), 1)).containsExactly(new Delivered(id[0], 1, "b"));
    }
  }
}
