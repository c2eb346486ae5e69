package dev.bobbin.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.CorruptionException;
import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueOptions;
import dev.bobbin.QueueRepair;
import dev.bobbin.RepairOptions;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import dev.bobbin.internal.Crash.Delivered;
import dev.bobbin.internal.Lives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Directories as a crash leaves them, and what then happens to them. */
final class Wreck extends Lives {
  static final int BODY = 96;

  Wreck(Path scratch) {
    super(scratch);
  }

  /** A block with a gap in front: "x" had finished before it was written. */
  Path withGap() {
    return afterDeath(
        queue -> {
          submit(queue, "x");
          Crash.take(queue, 1);
          submit(queue, "a");
          queue.sync();
          submit(queue, "b");
          queue.sync();
        });
  }

  /** Jobs, the acks of some in a block of their own, and jobs behind. */
  Path withAcks() {
    return afterDeath(
        queue -> {
          submit(queue, "a", "b");
          queue.sync();
          Crash.take(queue, 2);
          // An ack is written by the cycle behind the one that heard of it.
          for (String payload : List.of("c", "d", "e")) {
            submit(queue, payload);
            queue.sync();
          }
        });
  }

  /** Delayed and dead jobs, a retry beside its original, ready ones in journal and ring. */
  Path mixed() {
    return afterDeath(
        queue -> {
          queue.submit("later", Duration.ofHours(1));
          submit(queue, "dies", "fails");
          queue.sync();
          CountDownLatch two = new CountDownLatch(2);
          try (Workers workers =
              queue.workBatches(
                  WorkOptions.workers(1),
                  batch -> {
                    for (Job<String> job : batch) {
                      if (job.payload().equals("dies")) {
                        job.reject("of no use");
                      } else {
                        job.retry(Duration.ofHours(1), "not yet");
                      }
                      two.countDown();
                    }
                  })) {
            assertThat(two.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(workers.size()).isEqualTo(1);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          queue.sync();
          submit(queue, "a", "b");
          queue.sync();
          submit(queue, "c");
        });
  }

  static BlockAt block(Path directory, int index) {
    return Crash.blocks(directory).get(index);
  }

  static BlockAt acks(Path directory) {
    return Crash.blocks(directory).stream().filter(b -> b.kind() == 3).findFirst().orElseThrow();
  }

  /** Opens the queue and takes every ready job. */
  static List<String> drained(Path directory) {
    return drained(directory, OPTIONS);
  }

  static List<String> drained(Path directory, QueueOptions options) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), options);
      int ready = (int) queue.recovery().ready();
      return Crash.take(queue, ready).stream().map(Delivered::payload).sorted().toList();
    }
  }

  /** Verify and opening say no, with these words, and change nothing. */
  static void refused(Path directory, String... inMessage) {
    Map<String, Integer> before = Crash.contents(directory);
    assertThat(Maintenance.verify(directory).isHealthy()).isFalse();
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThatThrownBy(() -> queue(bobbin))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("at offset")
          .hasMessageContainingAll(inMessage);
    }
    assertThat(Crash.contents(directory)).as("nothing was changed").isEqualTo(before);
  }

  static QueueRepair repair(Path directory) {
    return Maintenance.repair(directory, RepairOptions.defaults()).queues().get(0);
  }

  static void cut(Path file, long bytes) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
