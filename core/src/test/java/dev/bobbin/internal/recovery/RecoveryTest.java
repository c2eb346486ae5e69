package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.CorruptionException;
import dev.bobbin.DeadLetter;
import dev.bobbin.Job;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.WorkOptions;
import dev.bobbin.Workers;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.Crash.BlockAt;
import dev.bobbin.internal.Crash.Delivered;
import dev.bobbin.internal.ring.RingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of cases in {@link Recovery}, row by row, on real directories. */
@Timeout(300)
class RecoveryTest {
  /** Nothing is flushed unless a test syncs. */
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withFlushInterval(Duration.ofSeconds(10));

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int BODY = 96;
  private static final int RING_AT = RingFile.ringAt(256 << 10);

  @TempDir Path scratch;
  private int copies;

  private static JobQueue<String> queue(Bobbin bobbin) {
    return bobbin.queue("q", Codec.text(), OPTIONS);
  }

  /** Runs {@code life} on a queue and returns what the death of the process then leaves. */
  private Path afterDeath(Consumer<JobQueue<String>> life) {
    return afterDeath(scratch.resolve("live" + copies), life);
  }

  private Path afterDeath(Path directory, Consumer<JobQueue<String>> life) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      life.accept(queue(bobbin));
      return Crash.processDeath(directory, scratch.resolve("dead" + copies++));
    }
  }

  private static void submit(JobQueue<String> queue, String... payloads) {
    queue.submitAll(List.of(payloads));
  }

  /** Opens {@code directory} and takes every job that is ready. */
  private static List<String> recovered(Path directory) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = queue(bobbin);
      int ready = (int) queue.recovery().ready();
      return Crash.take(queue, ready).stream().map(Delivered::payload).toList();
    }
  }

  private static RecoveryReport report(Path directory) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      return queue(bobbin).recovery();
    }
  }

  /** One delivery of each job, with an outcome for each; returns when the batch is reported. */
  private static void deliver(JobQueue<String> queue, int jobs, Consumer<Job<String>> outcome) {
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

  private Path threeBlocks() {
    return afterDeath(
        queue -> {
          for (String payload : List.of("a", "b", "c")) {
            submit(queue, payload);
            queue.sync();
          }
          submit(queue, "d");
        });
  }

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

  // journal: bad before the durable point

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 20, BODY - 8})
  void badBlockBeforeTheDurablePointIsCorruption(int at) {
    Path dead = threeBlocks();
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(at);
    refusesAsCorrupt(dead, bad.file().getFileName().toString(), "at offset " + bad.offset());
  }

  @Test
  void badBlockInAnEarlierSegmentIsCorruption() {
    Path dead = threeLives();
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(20);
    refusesAsCorrupt(dead, bad.file().getFileName().toString(), "at offset " + bad.offset());
  }

  // journal: bad body of ready jobs before the durable point

  @ParameterizedTest
  @ValueSource(ints = {BODY, BODY + 40})
  void badBodyOfReadyJobsStopsTheQueueWhenItIsReadBack(int at) {
    Path dead = threeBlocks();
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(at);
    List<String> delivered = new ArrayList<>();
    try (Bobbin bobbin = Bobbin.open(dead)) {
      JobQueue<String> queue = queue(bobbin);
      assertThat(queue.recovery().ready()).isEqualTo(4);
      queue.work(1, delivered::add);
      Crash.await("the failure", () -> queue.status().failure().isPresent());
      assertThat(queue.status().failure().orElseThrow())
          .isInstanceOf(CorruptionException.class)
          .hasMessageContainingAll(
              bad.file().getFileName().toString(), "at offset " + bad.offset(), "bobbin verify");
      assertThatThrownBy(queue::close).isInstanceOf(BobbinException.class);
    }
    assertThat(delivered).as("nothing out of a damaged block").isEmpty();
  }

  @Test
  void badBodyOfDelayedJobsIsCorruption() {
    Path dead =
        afterDeath(
            queue -> {
              queue.submit("a", HOUR);
              queue.sync();
              submit(queue, "b");
              queue.sync();
            });
    BlockAt bad = Crash.blocks(dead).get(0);
    bad.damage(BODY + 30);
    refusesAsCorrupt(dead, bad.file().getFileName().toString(), "at offset " + bad.offset());
  }

  @Test
  void damagedSegmentHeaderIsCorruption() {
    Path dead = threeLives();
    Path middle = Crash.segments(dead).get(1);
    Crash.write(middle, 16, new byte[] {1, 2, 3});
    refusesAsCorrupt(dead, ".segment", "offset");
  }

  @Test
  void damagedHeaderOfTheNewestSegmentIsCorruption() {
    Path dead = threeBlocks();
    List<Path> segments = Crash.segments(dead);
    Path newest = segments.get(segments.size() - 1);
    Crash.write(newest, 16, new byte[] {1, 2, 3});
    refusesAsCorrupt(dead, newest.getFileName().toString(), "at offset 0");
  }

  private static void refusesAsCorrupt(Path directory, String... inMessage) {
    Map<String, Integer> before = Crash.contents(directory);
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThatThrownBy(() -> queue(bobbin))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContainingAll(inMessage);
    }
    assertThat(Crash.contents(directory)).as("nothing was changed").isEqualTo(before);
  }

  // journal: segment missing

  private Path threeLives() {
    Path dead = afterDeath(queue -> submit(queue, "a"));
    dead = afterDeath(dead, queue -> submit(queue, "b"));
    dead = afterDeath(dead, queue -> submit(queue, "c"));
    return afterDeath(dead, JobQueue::sync);
  }

  @Test
  void severalLivesKeepEveryJob() {
    assertThat(recovered(threeLives())).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void missingSegmentIsCorruption(int missing) throws IOException {
    Path dead = threeLives();
    assertThat(Crash.segments(dead)).hasSizeGreaterThan(2);
    Files.delete(Crash.segments(dead).get(missing));
    refusesAsCorrupt(dead, ".segment", "offset");
  }

  /** No block speaks of it: the ring does, in whose mark its first position is. */
  @Test
  void missingNewestSegmentIsCorruption() throws IOException {
    Path dead = threeLives();
    List<Path> segments = Crash.segments(dead);
    Files.delete(segments.get(segments.size() - 1));
    refusesAsCorrupt(dead, segments.get(segments.size() - 2).getFileName().toString(), "missing");
  }

  @Test
  void missingNewestSegmentOfAClosedQueueIsCorruption() throws IOException {
    Path directory = scratch.resolve("closed");
    for (String payload : List.of("a", "b")) {
      try (Bobbin bobbin = Bobbin.open(directory)) {
        submit(queue(bobbin), payload);
      }
    }
    List<Path> segments = Crash.segments(directory);
    assertThat(segments).hasSizeGreaterThan(1);
    Files.delete(segments.get(segments.size() - 1));
    refusesAsCorrupt(directory, ".segment", "missing");
  }

  @Test
  void missingJournalIsCorruption() throws IOException {
    Path dead = afterDeath(queue -> submit(queue, "a"));
    for (Path segment : Crash.segments(dead)) {
      Files.delete(segment);
    }
    refusesAsCorrupt(dead, "missing");
  }

  @Test
  void segmentThatWasCutIsCorruption() throws IOException {
    Path dead = threeLives();
    Path first = Crash.segments(dead).get(0);
    Crash.write(first, 0, new byte[0]);
    try (var channel = Files.newByteChannel(first, java.nio.file.StandardOpenOption.WRITE)) {
      channel.truncate(4096 + 40);
    }
    refusesAsCorrupt(dead, first.getFileName().toString());
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
  void emptySegmentFileIsNamed() {
    Path dead = threeBlocks();
    create(Crash.folder(dead).resolve("00000090.segment"), new byte[0]);
    refusesAsCorrupt(dead, "00000090.segment");
  }

  @Test
  void unfinishedFilesAreDeleted() {
    Path dead = threeBlocks();
    Path unfinished = Crash.folder(dead).resolve("00000090.segment.tmp");
    create(unfinished, new byte[5000]);
    assertThat(recovered(dead)).hasSize(4);
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void missingQueueFileBesideAJournalIsRefused() throws IOException {
    Path dead = threeBlocks();
    Files.delete(Crash.folder(dead).resolve("queue"));
    try (Bobbin bobbin = Bobbin.open(dead)) {
      assertThatThrownBy(() -> queue(bobbin))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("queue is missing");
    }
  }

  private static void create(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
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
