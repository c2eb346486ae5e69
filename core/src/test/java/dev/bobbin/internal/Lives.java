package dev.bobbin.internal;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Lives of a queue that is flushed when a test says so, and what a death leaves of it. */
public class Lives {
  /** Nothing is flushed unless a test syncs. */
  public static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofSeconds(10));

  private final Path scratch;
  private int lives;

  /** Directories are made in {@code scratch}. */
  public Lives(Path scratch) {
    this.scratch = scratch;
  }

  public static JobQueue<String> queue(Bobbin bobbin) {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /** Runs {@code life} on a queue and returns what the death of the process then leaves. */
  public final Path afterDeath(Consumer<JobQueue<String>> life) {
    return afterDeath(scratch.resolve("live" + lives), life);
  }

  /** As above, on the queue in {@code directory}. */
  public final Path afterDeath(Path directory, Consumer<JobQueue<String>> life) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      life.accept(queue(bobbin));
      return Crash.processDeath(directory, scratch.resolve("dead" + lives++));
    }
  }

  public final Path copy(Path directory) {
    return Crash.processDeath(directory, scratch.resolve("copy" + lives++));
  }

  public static void submit(JobQueue<String> queue, String... payloads) {
    queue.submitAll(List.of(payloads));
  }

  /** Three blocks with a job each, and one in the ring only. */
  public final Path threeBlocks() {
    return afterDeath(
        queue -> {
          for (String payload : List.of("a", "b", "c")) {
            submit(queue, payload);
            queue.sync();
          }
          submit(queue, "d");
        });
  }

  /** Blocks in three segments and more. */
  public final Path threeLives() {
    Path dead = afterDeath(queue -> submit(queue, "a"));
    dead = afterDeath(dead, queue -> submit(queue, "b"));
    dead = afterDeath(dead, queue -> submit(queue, "c"));
    return afterDeath(dead, JobQueue::sync);
  }
}
