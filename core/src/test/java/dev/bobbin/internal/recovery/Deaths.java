package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.Delivered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;

/** A queue that is flushed when a test says so, what a death leaves of it, and who opens that. */
abstract class Deaths {
  /** Nothing is flushed unless a test syncs. */
  static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofSeconds(10));

  static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path scratch;
  private int copies;

  static JobQueue<String> queue(Bobbin bobbin) {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /** Runs {@code life} on a queue and returns what the death of the process then leaves. */
  Path afterDeath(Consumer<JobQueue<String>> life) {
    return afterDeath(scratch.resolve("live" + copies), life);
  }

  Path afterDeath(Path directory, Consumer<JobQueue<String>> life) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      life.accept(queue(bobbin));
      return Crash.processDeath(directory, scratch.resolve("dead" + copies++));
    }
  }

  static void submit(JobQueue<String> queue, String... payloads) {
    queue.submitAll(List.of(payloads));
  }

  /** Opens {@code directory} and takes every job that is ready. */
  static List<String> recovered(Path directory) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = queue(bobbin);
      int ready = (int) queue.recovery().ready();
      return Crash.take(queue, ready).stream().map(Delivered::payload).toList();
    }
  }

  static RecoveryReport report(Path directory) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      return queue(bobbin).recovery();
    }
  }

  /** One delivery of each job, with an outcome for each; returns when the batch is reported. */
  static void deliver(JobQueue<String> queue, int jobs, Consumer<Job<String>> outcome) {
    List<String> seen = new ArrayList<>();
    try (Workers workers =
        queue.workBatches(
            WorkOptions.workers(1),
            batch -> {
              for (Job<String> job : batch) {
                outcome.accept(job);
                synchronized (seen) {
                  seen.add(job.payload());
                }
              }
            })) {
      assertThat(workers.size()).isEqualTo(1);
      Crash.await(
          jobs + " deliveries",
          () -> {
            synchronized (seen) {
              return seen.size() >= jobs;
            }
          });
    }
  }

  Path threeBlocks() {
    return afterDeath(
        queue -> {
          for (String payload : List.of("a", "b", "c")) {
            submit(queue, payload);
            queue.sync();
          }
          submit(queue, "d");
        });
  }

  Path threeLives() {
    Path dead = afterDeath(queue -> submit(queue, "a"));
    dead = afterDeath(dead, queue -> submit(queue, "b"));
    dead = afterDeath(dead, queue -> submit(queue, "c"));
    return afterDeath(dead, JobQueue::sync);
  }

  static void create(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
