package dev.bobbin;

import dev.bobbin.internal.Backend;
import dev.bobbin.internal.Crash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Has one queue of texts, "q", open during each test, whose jobs die when the test says so. */
abstract class DyingJobs {
  static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofMillis(5))
          .withSubmitTimeout(Duration.ofSeconds(60));

  private Bobbin bobbin;
  JobQueue<String> queue;
  DeadLetters dead;

  @TempDir Path directory;

  void open(Backend backend, QueueOptions options) {
    bobbin = backend.open(directory);
    queue = bobbin.queue("q", Codec.text(), options);
    dead = queue.deadLetters();
  }

  void open(Backend backend) {
    open(backend, OPTIONS);
  }

  @AfterEach
  void close() {
    if (bobbin != null) {
      bobbin.close();
    }
  }

  /** Submits the payloads and has a worker reject each with its payload as the reason. */
  List<JobId> die(String... payloads) {
    List<JobId> ids = new ArrayList<>();
    long before = dead.count();
    for (String payload : payloads) {
      ids.add(queue.submit(payload));
    }
    reject(before + payloads.length);
    return ids;
  }

  private void reject(long count) {
    Workers workers = queue.workBatches(WorkOptions.workers(1), DyingJobs::rejectAll);
    Crash.await(count + " dead letters", () -> dead.count() == count);
    workers.close();
  }

  static void rejectAll(Batch<String> batch) {
    batch.forEach(job -> job.reject("because of " + job.payload()));
  }

  List<JobId> dieNumbered(int count) {
    return die(IntStream.range(0, count).mapToObj(i -> "job " + i).toArray(String[]::new));
  }

  static List<String> payloads(List<DeadLetter> letters) {
    return letters.stream().map(DyingJobs::payload).toList();
  }

  static String payload(DeadLetter letter) {
    return new String(letter.payload(), StandardCharsets.UTF_8);
  }
}
