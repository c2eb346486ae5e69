package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that closes its queues in a shutdown hook, and gets a SIGTERM in the middle of work.
 */
@Timeout(120)
class ShutdownTest {
  @TempDir Path temp;

  private final Set<String> done = new HashSet<>();

  @Test
  void signalInTheMiddleOfWorkLosesNothingAndBurnsNoAttempt() throws Exception {
    Process child = start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      readUntil("busy", output);
      assertThat(done).as(this::errors).hasSizeGreaterThan(100);
      // Not through the process itself: that would close its output, too.
      assertThat(child.toHandle().destroy()).isTrue();
      readUntil("closed", output);
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(128 + 15);
    } finally {
      child.destroyForcibly();
    }
    checkWhatIsLeft();
  }

  private Process start() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ShutdownChild.class.getName(),
            temp.resolve("data").toString());
    return new ProcessBuilder(command).redirectError(temp.resolve("stderr").toFile()).start();
  }

  /** Reads on until the child says {@code word}, and notes which jobs it says are done. */
  private void readUntil(String word, BufferedReader output) throws IOException {
    String line = output.readLine();
    while (!word.equals(line)) {
      assertThat(line).as(this::errors).startsWith("done ");
      done.add(line.substring(5));
      line = output.readLine();
    }
  }

  private String errors() {
    try {
      return "the child's errors: " + Files.readString(temp.resolve("stderr"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void checkWhatIsLeft() {
    try (Bobbin bobbin = Bobbin.open(temp.resolve("data"))) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), ShutdownChild.OPTIONS);
      RecoveryReport recovery = queue.recovery();
      assertThat(recovery.cleanlyClosed()).isTrue();
      assertThat(recovery.suspects()).isZero();
      assertThat(recovery.dead()).isZero();
      assertThat(recovery.delayed()).isZero();
      Set<String> left = new HashSet<>();
      while (left.size() < recovery.ready()) {
        Lease<String> lease = queue.take(1_000, Duration.ofSeconds(60));
        assertThat(lease.isEmpty()).isFalse();
        for (LeasedJob<String> job : lease) {
          assertThat(job.attempt()).isEqualTo(1);
          left.add(job.payload());
        }
        lease.ackAll();
      }
      Set<String> all = new HashSet<>();
      for (int i = 0; i < ShutdownChild.JOBS; i++) {
        all.add("job " + i);
      }
      all.removeAll(done);
      assertThat(left).containsAll(all);
      // A handler may be cut off between its word and its return: one job of each worker at most.
      assertThat(left.size() - all.size()).isLessThanOrEqualTo(5);
    }
  }
}
