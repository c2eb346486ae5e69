package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.RecoveryReport;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.Delivered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays the same from one life of a queue to the next, however often it dies. */
@Timeout(300)
class SeveralLivesTest extends Deaths {
  // invariant 10

  @Test
  void recoveryRunTwiceFindsTheSame() {
    Path dead = threeBlocks();
    for (int i = 0; i < 3; i++) {
      dead =
          afterDeath(
              dead, queue -> assertThat(queue.recovery().ready()).as("every time").isEqualTo(4));
    }
    assertThat(recovered(dead)).containsExactly("a", "b", "c", "d");
  }

  /** Killed when the ring's frames were in the journal, but the ring not yet reset. */
  @Test
  void recoveryKilledHalfWayRunsAgain() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              submit(queue, "b", "c");
              deliver(queue, 3, job -> job.retry(HOUR, "later"));
              submit(queue, "d");
            });
    byte[] ring = Crash.read(Crash.ring(dead));
    Path halfWay = afterDeath(dead, queue -> assertThat(queue.recovery().delayed()).isEqualTo(3));
    create(Crash.ring(halfWay), ring);
    Path again =
        afterDeath(
            halfWay,
            queue -> {
              assertThat(queue.recovery().fromRing()).isZero();
              assertThat(queue.recovery().delayed()).isEqualTo(3);
            });
    assertThat(recovered(again)).containsExactly("d");
  }

  @Test
  void positionsAreNeverUsedTwice() throws IOException {
    Path dead = null;
    long before = -1;
    for (int life = 0; life < 5; life++) {
      long[] ids = new long[2];
      Consumer<JobQueue<String>> submits =
          queue -> {
            ids[0] = queue.submit("x").number();
            ids[1] = queue.submit("y").number();
          };
      dead = dead == null ? afterDeath(submits) : afterDeath(dead, submits);
      if (life % 2 == 0) {
        // The machine died: not even the ring knows of these two.
        Files.delete(Crash.ring(dead));
      }
      assertThat(ids[0]).isGreaterThan(before);
      assertThat(ids[1]).isGreaterThan(ids[0]);
      before = ids[1];
    }
  }

  /** Each opening begins a segment of its own: what an earlier one began is used again. */
  @ParameterizedTest
  @ValueSource(strings = {"idle", "synced", "busy", "delayed"})
  void dyingAgainAndAgainDoesNotPileUpFiles(String life) {
    Path dead = afterDeath(queue -> submit(queue, "first"));
    int most = 0;
    for (int i = 0; i < 50; i++) {
      Path before = dead;
      dead = afterDeath(dead, queue -> live(queue, life));
      most = Math.max(most, Crash.segmentFiles(dead));
      Crash.delete(before);
    }
    assertThat(most).isLessThanOrEqualTo(8);
    RecoveryReport report = report(dead);
    assertThat(report.unfinished())
        .isEqualTo(1 + (life.equals("busy") || life.equals("delayed") ? 50 : 0));
  }

  private static void live(JobQueue<String> queue, String life) {
    switch (life) {
      case "synced" -> queue.sync();
      case "busy" -> {
        submit(queue, "again");
        deliver(queue, 1, job -> job.snooze(HOUR));
        queue.sync();
      }
      case "delayed" -> {
        queue.submit("later", HOUR);
        queue.sync();
      }
      default -> {}
    }
  }

  // jobs

  @Test
  void severalLivesKeepEveryJob() {
    assertThat(recovered(threeLives())).containsExactly("a", "b", "c");
  }

  @Test
  void idsAreStableOverRestartsAndRetries() {
    JobId[] id = new JobId[1];
    Path dead =
        afterDeath(
            queue -> {
              id[0] = queue.submit("a");
              deliver(
                  queue,
                  2,
                  job -> {
                    if (job.attempt() == 1) {
                      job.retry(Duration.ZERO, "again");
                    } else {
                      job.snooze(Duration.ofMillis(100));
                    }
                  });
            });
    Path later =
        afterDeath(dead, queue -> deliver(queue, 1, job -> job.snooze(Duration.ofMillis(100))));
    try (Bobbin bobbin = Bobbin.open(later)) {
      assertThat(Crash.take(queue(bobbin), 1)).containsExactly(new Delivered(id[0], 2, "a"));
    }
  }

  @Test
  void deadLettersSurviveWithAttemptTimesAndReason() {
    JobId[] id = new JobId[1];
    Instant began = Instant.now();
    Path dead =
        afterDeath(
            queue -> {
              id[0] = queue.submit("a");
              deliver(
                  queue,
                  2,
                  job -> {
                    if (job.attempt() == 1) {
                      job.retry(Duration.ZERO, "once");
                    } else {
                      job.reject("beyond help: \u00e4\u20ac");
                    }
                  });
            });
    for (int i = 0; i < 3; i++) {
      dead =
          afterDeath(
              dead,
              queue -> {
                assertThat(queue.recovery().dead()).isEqualTo(1);
                assertThat(queue.recovery().unfinished()).isZero();
                DeadLetter letter = queue.deadLetters().list(10).get(0);
                assertThat(letter.id()).isEqualTo(id[0]);
                assertThat(letter.attempts()).isEqualTo(2);
                assertThat(letter.reason()).isEqualTo("beyond help: \u00e4\u20ac");
                assertThat(letter.payload()).isEqualTo(new byte[] {'a'});
                assertThat(letter.submittedAt())
                    .isBetween(began.minusSeconds(2), Instant.now().plusSeconds(1));
                assertThat(letter.diedAt())
                    .isBetween(began.minusSeconds(1), Instant.now().plusSeconds(1));
              });
    }
  }

  @Test
  void delayedJobsSurviveWithTheirDueTime() {
    long before = System.currentTimeMillis();
    Path dead = afterDeath(queue -> queue.submit("a", HOUR));
    long after = System.currentTimeMillis();
    dead = afterDeath(dead, queue -> assertThat(queue.status().counts().delayed()).isEqualTo(1));
    assertThat(Stored.in(dead, OPTIONS))
        .singleElement()
        .satisfies(
            job -> {
              assertThat(job.attempt()).isEqualTo(1);
              assertThat(job.dueMillis()).isBetween(before + 3_600_000, after + 3_600_000);
            });
  }

  @Test
  void overdueJobIsDeliveredAfterARestart() {
    Path dead = afterDeath(queue -> queue.submit("a", Duration.ofMillis(1)));
    try (Bobbin bobbin = Bobbin.open(dead)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(queue.recovery().delayed()).isEqualTo(1);
      assertThat(Crash.take(queue, 1)).extracting(Delivered::payload).containsExactly("a");
    }
    assertThat(report(dead).unfinished()).isZero();
  }
}
