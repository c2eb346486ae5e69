package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.Delivered;
import dev.bobbin.internal.Lives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A queue that is flushed when a test says so, what a death leaves of it, and who opens that. */
abstract class Deaths {
  static final QueueOptions OPTIONS = Lives.OPTIONS;
  static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path scratch;
  private Lives lives;

  @BeforeEach
  void begin() {
    lives = new Lives(scratch);
  }

  static JobQueue<String> queue(Bobbin bobbin) {
    return Lives.queue(bobbin);
  }

  static void submit(JobQueue<String> queue, String... payloads) {
    Lives.submit(queue, payloads);
  }

  Path afterDeath(Consumer<JobQueue<String>> life) {
    return lives.afterDeath(life);
  }

  Path afterDeath(Path directory, Consumer<JobQueue<String>> life) {
    return lives.afterDeath(directory, life);
  }

  Path threeBlocks() {
    return lives.threeBlocks();
  }

  Path threeLives() {
    return lives.threeLives();
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

  static void create(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
