package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a real process at full speed, again and again, on one directory. The oracle is
 * this process. By hand: {@code mvn -pl core test -Dtest=KillTest -Dbobbin.kills=2000
 * -Dbobbin.seed=1}.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS, threadMode = ThreadMode.SEPARATE_THREAD)
class KillTest {
  private static final int KILLS = Integer.getInteger("bobbin.kills", 25);
  private static final long[] FLUSH_MILLIS = {1, 5, 10, 50};
  private static final long PATIENCE_SECONDS = 60;

  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final KillOracle oracle = new KillOracle(seed);

  @TempDir Path temp;

  /** When a child is killed. */
  private enum Moment {
    RECOVERING,
    JUST_OPEN,
    RUNNING,
    LONG_RUNNING,
    CLOSING
  }

  @Test
  void losesNothingAndInventsNothing() throws Exception {
    long began = System.nanoTime();
    int[] kills = new int[Moment.values().length];
    int run = 1;
    String last = "the end";
    try {
      for (int killed = 0; killed < KILLS; run++) {
        Moment moment = moment(killed);
        if (killOnce(run, moment)) {
          killed++;
          kills[moment.ordinal()]++;
        }
        last = "run " + run + ", " + moment;
        assertThat(oracle.faults()).isEmpty();
      }
      drain(run);
      checkFinalOpen();
    } finally {
      System.out.printf(
          "KillTest -Dbobbin.seed=%d: up to %s in %d s: kills %s, accepted %,d, delivered %,d, redelivered after"
              + " an ack %,d (the oldest %d ms before its kill)%n",
          seed,
          last,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
          java.util.Arrays.toString(kills),
          oracle.accepted,
          oracle.deliveries,
          oracle.redelivered,
          oracle.oldestRedeliveredMillis);
    }
    assertThat(oracle.faults()).isEmpty();
    assertThat(oracle.accepted).isGreaterThan(KILLS * 100L);
  }

  private Moment moment(int killed) {
    if (killed % 12 == 5) {
      return Moment.LONG_RUNNING;
    }
    int dice = random.nextInt(10);
    return dice < 3
        ? Moment.RECOVERING
        : dice < 5 ? Moment.JUST_OPEN : dice < 9 ? Moment.RUNNING : Moment.CLOSING;
  }

  private Process start(int run, String mode) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
    if (random.nextBoolean()) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(List.of("-cp", classPath(), KillChild.class.getName()));
    command.add(temp.resolve("data").toString());
    command.add(Files.createDirectories(temp.resolve("logs")).toString());
    command.add(Integer.toString(run));
    command.add(Long.toString(seed));
    command.add(Long.toString(FLUSH_MILLIS[random.nextInt(FLUSH_MILLIS.length)]));
    command.add(mode);
    return new ProcessBuilder(command).redirectError(temp.resolve("stderr").toFile()).start();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Returns false if the child had closed in order before it could be killed. */
  private boolean killOnce(int run, Moment moment) throws Exception {
    Process child = start(run, "run");
    boolean killed = false;
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      expect("opening", output);
      long delayMicros = 0;
      if (moment == Moment.RECOVERING) {
        delayMicros = random.nextInt(60_000);
      } else {
        expect("open", output);
        if (moment == Moment.JUST_OPEN) {
          delayMicros = random.nextInt(20_000);
        } else if (moment == Moment.LONG_RUNNING) {
          delayMicros = 2_200_000 + random.nextInt(500_000);
        } else {
          delayMicros = 50_000 + random.nextInt(450_000);
        }
      }
      boolean gone = child.waitFor(delayMicros, TimeUnit.MICROSECONDS);
      if (moment == Moment.CLOSING && !gone) {
        child.getOutputStream().write("close\n".getBytes(StandardCharsets.UTF_8));
        child.getOutputStream().flush();
        gone = child.waitFor(random.nextInt(30_000), TimeUnit.MICROSECONDS);
      }
      if (gone && !(moment == Moment.CLOSING && child.exitValue() == 0)) {
        throw died(child, run);
      }
      killed = !gone;
    } finally {
      child.destroyForcibly();
    }
    child.waitFor();
    if (child.exitValue() == 9) {
      throw died(child, run);
    }
    oracle.ingest(temp.resolve("logs"), run, System.currentTimeMillis());
    return killed;
  }

  private void expect(String word, BufferedReader output) throws IOException {
    String line = output.readLine();
    assertThat(line).as(() -> "the child's next line; its errors: " + errors()).startsWith(word);
  }

  private AssertionError died(Process child, int run) {
    return new AssertionError(
        "child " + run + " ended by itself with " + child.exitValue() + ": " + errors());
  }

  private String errors() {
    try {
      return Files.readString(temp.resolve("stderr"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A last child that finishes everything and closes in order. */
  private void drain(int run) throws Exception {
    Process child = start(run, "drain");
    try {
      boolean ended = child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(ended).as("whether everything is finished in time").isTrue();
      assertThat(child.exitValue()).as(this::errors).isZero();
    } finally {
      child.destroyForcibly();
    }
    oracle.ingest(temp.resolve("logs"), run, System.currentTimeMillis());
  }

  private void checkFinalOpen() {
    try (Bobbin bobbin = Bobbin.open(temp.resolve("data"))) {
      JobQueue<byte[]> queue = bobbin.queue("kill", Codec.bytes(), KillJobs.options(10));
      assertThat(queue.recovery().unfinished()).isZero();
      assertThat(queue.recovery().cleanlyClosed()).isTrue();
      List<DeadLetter> letters = queue.deadLetters().list(100_000);
      assertThat(queue.recovery().dead()).isEqualTo(letters.size());
      oracle.checkEnd(letters);
      System.out.println("KillTest: dead letters " + letters.size());
    }
  }
}
