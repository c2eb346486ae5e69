package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.JobQueue;
import dev.bobbin.RecoveryReport;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import dev.bobbin.internal.Crash.Delivered;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of cases in {@link Recovery}, row by row, on real directories; the rows in which the
 * journal is bad are in {@link CorruptionTest}.
 */
@Timeout(300)
class RecoveryTest extends Deaths {
  private static final int BODY = 96;
  private static final int RING_AT = RingFile.ringAt(256 << 10);

  // journal: none

  @Test
  void newDirectoryHoldsNothing() {
    RecoveryReport report = report(scratch.resolve("new"));
    assertThat(report.created()).isTrue();
    assertThat(report.unfinished() + report.dead()).isZero();
  }

  // journal: closed

  @Test
  void closedQueueHoldsWhatItsJournalHolds() {
    Path directory = scratch.resolve("closed");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      submit(queue(bobbin), "a", "b", "c");
    }
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(queue.recovery().cleanlyClosed()).isTrue();
      assertThat(queue.recovery().created()).isFalse();
      assertThat(queue.recovery().ready()).isEqualTo(3);
      assertThat(queue.recovery().fromRing()).isZero();
      assertThat(Crash.take(queue, 3))
          .extracting(Delivered::payload)
          .containsExactly("a", "b", "c");
    }
    assertThat(report(directory).unfinished()).isZero();
  }

  @Test
  void closedQueueNeedsNoRing() throws IOException {
    Path directory = scratch.resolve("closed");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      submit(queue(bobbin), "a", "b", "c");
    }
    Files.delete(Crash.ring(directory));
    assertThat(recovered(directory)).containsExactly("a", "b", "c");
  }

  // journal: good to its end

  @Test
  void framesBeyondTheJournalsEndAreTakenFromTheRing() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              submit(queue, "b", "c");
            });
    try (Bobbin bobbin = Bobbin.open(dead)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(queue.recovery().cleanlyClosed()).isFalse();
      assertThat(queue.recovery().ready()).isEqualTo(3);
      assertThat(queue.recovery().fromRing()).isEqualTo(2);
      assertThat(Crash.take(queue, 3))
          .extracting(Delivered::payload)
          .containsExactly("a", "b", "c");
    }
  }

  @Test
  void framesOfTheRingAreInTheJournalBeforeAnythingIsServed() {
    Path dead = afterDeath(queue -> submit(queue, "a", "b"));
    Path machine = afterDeath(dead, queue -> {});
    Crash.zero(Crash.ring(machine), 0, RingFile.bytes(OPTIONS.ringBytes()));
    assertThat(recovered(machine)).containsExactly("a", "b");
  }

  @Test
  void framesBeforeTheJournalsEndAreNotDeliveredTwice() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a", "b");
              queue.sync();
            });
    assertThat(report(Crash.processDeath(dead, scratch.resolve("copy"))).fromRing()).isZero();
    assertThat(recovered(dead)).containsExactly("a", "b");
  }

  @Test
  void frameThatWasNeverPublishedHidesNoneBehindIt() {
    Path dead = afterDeath(queue -> submit(queue, "a", "b", "c"));
    // The second of three frames of 48 bytes: claimed, not yet published.
    long second = RING_AT + 48;
    Crash.zero(Crash.ring(dead), second, second + 8);
    assertThat(recovered(dead)).containsExactly("a", "c");
  }

  @Test
  void damagedFrameInTheRingIsNotBelieved() {
    Path dead = afterDeath(queue -> submit(queue, "a", "b", "c"));
    Crash.write(Crash.ring(dead), RING_AT + 48 + 40, new byte[] {'x'});
    assertThat(recovered(dead)).containsExactly("a", "c");
  }

  @Test
  void finishedEntriesBeyondTheJournalsEndSettleTheirJobs() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a", "b", "c");
              Crash.take(queue, 3);
              submit(queue, "d");
            });
    assertThat(recovered(dead)).containsExactly("d");
  }

  @Test
  void damagedFinishedEntryIsNotBelieved() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              Crash.take(queue, 1);
            });
    Crash.write(Crash.ring(dead), RingFile.logAt(OPTIONS.ringBytes()) + 16, new byte[] {9, 9, 9});
    assertThat(recovered(dead)).containsExactly("a");
  }

  /** The machine died: the finished log's page is younger than journal and ring. */
  @Test
  void finishedEntriesBeforeTheJournalsEndAreNotAsked() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              deliver(queue, 1, job -> job.retry(HOUR, "later"));
            });
    Crash.zero(Crash.ring(dead), RING_AT, RingFile.bytes(OPTIONS.ringBytes()));
    assertThat(recovered(dead)).containsExactly("a");
  }

  // journal: torn tail

  @Test
  void cutsTornTailOnOpen() {
    Path dead = threeBlocks();
    List<BlockAt> blocks = Crash.blocks(dead);
    blocks.get(blocks.size() - 1).damage(BODY);
    Crash.zero(Crash.ring(dead), 0, RingFile.bytes(OPTIONS.ringBytes()));
    Path again =
        afterDeath(dead, queue -> assertThat(queue.recovery().tornBytes()).isEqualTo(4096));
    RecoveryReport second = report(Crash.processDeath(again, scratch.resolve("copy")));
    assertThat(second.tornBytes()).as("the cut is behind us").isZero();
    assertThat(recovered(again)).as("the tear stays cut").containsExactly("a", "b");
  }

  @Test
  void cutsTornTailWhoseHeaderIsDamaged() {
    Path dead = threeBlocks();
    List<BlockAt> blocks = Crash.blocks(dead);
    blocks.get(blocks.size() - 1).damage(20);
    Crash.zero(Crash.ring(dead), 0, RingFile.bytes(OPTIONS.ringBytes()));
    assertThat(recovered(dead)).containsExactly("a", "b");
    assertThat(report(dead).unfinished()).isZero();
  }

  /** "c" was written, says the ring's mark, so only the torn block could have had it. */
  @Test
  void tornTailTakesTheRingsFramesThatWereNotWritten() {
    Path dead = threeBlocks();
    List<BlockAt> blocks = Crash.blocks(dead);
    blocks.get(blocks.size() - 1).damage(BODY);
    assertThat(recovered(dead)).containsExactly("a", "b", "d");
  }

  // metadata that a crash leaves

  @Test
  void segmentOfZerosIsASpare() {
    Path dead = threeBlocks();
    Path zeros = Crash.folder(dead).resolve("00000090.segment");
    create(zeros, new byte[1 << 20]);
    assertThat(recovered(dead)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void unfinishedFilesAreDeleted() {
    Path dead = threeBlocks();
    Path unfinished = Crash.folder(dead).resolve("00000090.segment.tmp");
    create(unfinished, new byte[5000]);
    assertThat(recovered(dead)).hasSize(4);
    assertThat(unfinished).doesNotExist();
  }

  // a retry beside its original

  @Test
  void retryInTheRingTakesItsOriginalsPlace() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              deliver(queue, 1, job -> job.retry(HOUR, "later"));
            });
    onlyARetryIsLeft(dead, 2);
  }

  @Test
  void retryInTheJournalTakesItsOriginalsPlace() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              deliver(queue, 1, job -> job.retry(HOUR, "later"));
              // The cycle that writes the retry; the ack of its original is written by the next.
              queue.sync();
            });
    Crash.zero(Crash.ring(dead), 0, RingFile.bytes(OPTIONS.ringBytes()));
    onlyARetryIsLeft(dead, 2);
  }

  @Test
  void newestOfSeveralRetriesIsKept() {
    Path dead =
        afterDeath(
            queue -> {
              submit(queue, "a");
              queue.sync();
              deliver(
                  queue, 3, job -> job.retry(job.attempt() < 3 ? Duration.ZERO : HOUR, "later"));
            });
    onlyARetryIsLeft(dead, 4);
  }

  private void onlyARetryIsLeft(Path dead, int attempt) {
    for (int i = 0; i < 2; i++) {
      dead =
          afterDeath(
              dead,
              queue -> {
                assertThat(queue.recovery().ready()).isZero();
                assertThat(queue.recovery().delayed()).isEqualTo(1);
                assertThat(queue.status().counts().delayed()).isEqualTo(1);
              });
    }
    Stored only = Stored.in(dead, OPTIONS).get(0);
    assertThat(only.attempt()).isEqualTo(attempt);
    assertThat(only.dueMillis()).isGreaterThan(System.currentTimeMillis() + 3_000_000);
  }

  // ring: lost, or of another size

  @Test
  void lostRingIsCreatedAnew() throws IOException {
    Path dead = threeBlocks();
    Files.delete(Crash.ring(dead));
    assertThat(recovered(dead)).containsExactly("a", "b", "c");
    assertThat(Files.size(Crash.ring(dead))).isEqualTo(RingFile.bytes(OPTIONS.ringBytes()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4096, 300_000, 1_000_000})
  void ringOfAnotherSizeIsCreatedAnew(int bytes) {
    Path dead = threeBlocks();
    create(Crash.ring(dead), new byte[bytes]);
    assertThat(recovered(dead)).containsExactly("a", "b", "c");
  }

  /** The machine died: the kernel wrote the ring's pages back long ago. */
  @Test
  void olderRingAddsNothingToAYoungerJournal() {
    byte[][] older = new byte[1][];
    Path live = scratch.resolve("live");
    Path dead =
        afterDeath(
            live,
            queue -> {
              submit(queue, "a", "b");
              older[0] = Crash.read(Crash.ring(live));
              Crash.take(queue, 2);
              submit(queue, "c");
              queue.sync();
              queue.sync();
              queue.sync();
            });
    create(Crash.ring(dead), older[0]);
    assertThat(recovered(dead)).containsExactly("c");
  }
}
