package dev.bobbin.torture.soak;

import dev.bobbin.JobQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Tells every few seconds what the process takes up, by the kernel's own count where it has one.
 */
final class Sampler {
  private final Pipe pipe;
  private volatile List<JobQueue<byte[]>> queues = List.of();

  Sampler(Pipe pipe) {
    this.pipe = pipe;
  }

  /** No samples are taken while there are no queues: closing and opening is no steady state. */
  void watch(List<JobQueue<byte[]>> open) {
    queues = open;
  }

  void run(long everyMillis) {
    long due = System.nanoTime();
    while (true) {
      due += TimeUnit.MILLISECONDS.toNanos(everyMillis);
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      List<JobQueue<byte[]>> open = queues;
      if (!open.isEmpty()) {
        sample(open);
      }
    }
  }

  @SuppressWarnings("SystemGc") // what is left after a collection is what may not grow
  private void sample(List<JobQueue<byte[]>> open) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    int segments = open.stream().mapToInt(queue -> queue.status().journal().segments()).sum();
    pipe.sample(heap, status("VmRSS:") * 1024, (int) status("Threads:"), descriptors(), segments);
  }

  private static long status(String line) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String found = lines.filter(text -> text.startsWith(line)).findFirst().orElseThrow();
      return Long.parseLong(found.replaceAll("\\D+", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int descriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return (int) all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
