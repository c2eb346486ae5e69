package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that work on a queue are killed again and again, in the midst of a batch. */
@Tag("slow")
class WorkerDeathTest {
  private static final int JOBS = 5_000;
  private static final int DEATHS = 10;

  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final KafkaOptions options = SharedBroker.options();
  private final Map<String, Integer> deliveries = new HashMap<>();

  @Test
  void nothingIsLostWhenWorkersAreKilled() throws Exception {
    try (Bobbin bobbin = KafkaBobbin.connect(options)) {
      JobQueue<String> queue = bobbin.queue("mail", Codec.text());
      for (int i = 0; i < JOBS; i++) {
        queue.submit("job " + i);
      }
      queue.sync();
      for (int i = 0; i < DEATHS; i++) {
        dieAfter(1 + random.nextInt(400));
      }
      long before = deliveries.size();
      long began = System.nanoTime();
      queue.work(2, this::count);
      boolean idle = queue.awaitIdle(Duration.ofMinutes(2));
      double seconds = (System.nanoTime() - began) / 1e9;
      synchronized (deliveries) {
        long again = deliveries.values().stream().mapToInt(count -> count - 1).sum();
        System.out.printf(
            "FIGURES %d workers killed (seed %d): jobs %d, by those %d, redelivered %d, lost %d,"
                + " the rest took %.1f s%n",
            DEATHS, seed, JOBS, before, again, JOBS - deliveries.size(), seconds);
        assertThat(deliveries).as("seed %d", seed).hasSize(JOBS);
      }
      assertThat(idle).as("seed %d", seed).isTrue();
      assertThat(queue.deadLetters().count()).isZero();
    }
  }

  private void count(String job) {
    synchronized (deliveries) {
      deliveries.merge(job, 1, Integer::sum);
    }
  }

  /** Has a process work on so many jobs before it is killed. */
  private void dieAfter(int jobs) throws IOException, InterruptedException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerProcess.class.getName(),
                SharedBroker.broker().servers(),
                options.prefix())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = worker.inputReader()) {
      for (int i = 0; i < jobs; i++) {
        count(String.valueOf(lines.readLine()));
      }
      // Not the process itself, which would close the stream with what is in it.
      worker.toHandle().destroyForcibly();
      lines.lines().filter(line -> line.matches("job \\d+")).forEach(this::count);
    }
    worker.waitFor();
  }
}
