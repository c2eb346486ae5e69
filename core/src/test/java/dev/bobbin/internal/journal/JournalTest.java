package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.position.PositionRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The journal on a disk in memory. A "frame" here is sixteen bytes or more: its length and its
 * position; the journal knows no other of its fields.
 */
@Timeout(120)
class JournalTest {
  private static final int SEGMENT = 1 << 20;
  private static final long QUEUE = 0x5eed;
  private static final int BIG = 200 << 10;

  private final MemoryStorage disk = new MemoryStorage();

  private static JournalReader reader(MemoryStorage on) {
    return new JournalReader(on, QUEUE, SEGMENT, 0, new Frames(), ByteBuffer::allocateDirect);
  }

  private static Journal open(MemoryStorage on) throws IOException {
    return reader(on).open(0).journal();
  }

  /** Appends one job of {@code bytes} at {@code position}. */
  private static void append(Journal journal, long position, int bytes) throws IOException {
    ByteBuffer body = journal.body();
    int start = body.position();
    body.putInt(bytes).putInt(0).putLong(position);
    while (body.position() < start + bytes) {
      body.put((byte) position);
    }
    journal.appendJobs(new Span(position, position + bytes, new PositionRanges(), 1, 0));
  }

  private static void ack(Journal journal, long from, long to) throws IOException {
    PositionRanges acks = new PositionRanges();
    acks.add(from, to);
    journal.appendFinished(acks);
  }

  private static List<Long> live(Journal journal) throws IOException {
    List<Long> live = new ArrayList<>();
    for (Extent extent : journal.extents().all()) {
      ByteBuffer body = ByteBuffer.wrap(journal.readBody(extent)).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < body.capacity(); at += body.getInt(at)) {
        if (!extent.isFinished(body.getLong(at + 8))) {
          live.add(body.getLong(at + 8));
        }
      }
    }
    return live;
  }

  private static List<Long> live(MemoryStorage on) throws IOException {
    return live(open(on));
  }

  @Test
  void forcedJobsSurviveTheMachine() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    append(journal, 64, 64);
    journal.force();
    append(journal, 128, 64);
    assertThat(live(disk.machineDeath())).containsExactly(0L, 64L);
    assertThat(live(disk.processDeath())).containsExactly(0L, 64L, 128L);
  }

  @Test
  void forcedAcksSurviveTheMachine() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    append(journal, 64, 64);
    journal.force();
    ack(journal, 0, 64);
    assertThat(live(disk.machineDeath())).containsExactly(0L, 64L);
    journal.force();
    assertThat(live(disk.machineDeath())).containsExactly(64L);
  }

  /** What other queues' journals left in the buffer that all of them use stays out of the files. */
  @Test
  void blocksArePaddedWithZeros() throws IOException {
    ByteBuffer used = ByteBuffer.allocateDirect(Journal.blockBytes(SEGMENT));
    while (used.hasRemaining()) {
      used.put((byte) 's');
    }
    Journal journal =
        new JournalReader(disk, QUEUE, SEGMENT, 0, new Frames(), size -> used.clear().limit(size))
            .open(0)
            .journal();
    append(journal, 0, 64);
    ack(journal, 0, 64);
    journal.appendClosed();
    journal.force();
    for (String file : disk.list()) {
      assertThat(disk.bytes(file)).as(file).doesNotContain('s');
    }
  }

  @Test
  void rollsToTheNextSegmentAndReadsAcross() throws IOException {
    Journal journal = open(disk);
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      append(journal, (long) i * BIG, BIG);
      all.add((long) i * BIG);
    }
    journal.force();
    assertThat(journal.bytes()).isEqualTo(3L * SEGMENT);
    assertThat(live(disk.machineDeath())).isEqualTo(all);
  }

  @Test
  void recycledSegmentsStaleBlocksAreNotBelieved() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 200; i++) {
      append(journal, (long) i * BIG, BIG);
      journal.force();
      ack(journal, (long) i * BIG, (long) (i + 1) * BIG);
      journal.force();
      MemoryStorage dead = disk.machineDeath();
      assertThat(live(dead)).as("after job %d", i).isEmpty();
    }
    assertThat(disk.created).as("segments are recycled").isLessThan(8);
    append(journal, 200L * BIG, 64);
    journal.force();
    assertThat(live(disk.machineDeath())).containsExactly(200L * BIG);
  }

  /** Invariants 4 and 5: one old job, and much traffic. */
  @Test
  void longLivedJobIsCopiedForwardAndTheJournalStaysSmall() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    long next = 64;
    for (int i = 0; i < 300; i++) {
      append(journal, next, BIG);
      journal.force();
      journal.reclaim();
      ack(journal, next, next + BIG);
      journal.force();
      journal.reclaim();
      next += BIG;
      assertThat(journal.bytes()).isLessThanOrEqualTo(5L * SEGMENT);
      if (i % 10 == 0) {
        assertThat(live(disk.machineDeath())).as("after job %d", i).containsExactly(0L);
        assertThat(live(disk.processDeath())).as("after job %d", i).containsExactly(0L);
      }
    }
    assertThat(disk.names()).hasSizeLessThan(12);
    ack(journal, 0, 64);
    journal.force();
    assertThat(live(disk.machineDeath())).isEmpty();
  }

  /** An opening with smaller jobs than the last one's has to move what that one left. */
  @Test
  void blockLargerThanThisOpeningsLargestJobIsMoved() throws IOException {
    int large = 600 << 10;
    Journal first =
        new JournalReader(disk, QUEUE, SEGMENT, large, new Frames(), ByteBuffer::allocateDirect)
            .open(0)
            .journal();
    append(first, 0, large);
    first.force();
    fillAndAck(first, large);
    Journal second = open(disk.processDeath());
    assertThat(second.segments()).isGreaterThan(4);
    second.reclaimOldest();
    assertThat(live(second)).containsExactly(0L);
    assertThat(second.segments()).isLessThan(5);
  }

  @Test
  void blockThatCannotBeReadDoesNotKeepItsQueueFromOpening() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 4096);
    append(journal, 4096, 4096);
    // Promised: otherwise it would pass for torn.
    journal.force();
    fillAndAck(journal, 8192);
    MemoryStorage dead = disk.processDeath();
    Extent first = journal.extents().all().get(0);
    dead.bytes(first.segment.file.name())[(int) first.bodyOffset + 100] ^= 1;
    Journal again = open(dead);
    again.reclaimOldest();
    assertThatThrownBy(() -> live(again)).isInstanceOf(CorruptionException.class);
  }

  /** Makes what lies before {@code next} worth moving. */
  private static void fillAndAck(Journal journal, long next) throws IOException {
    for (int i = 0; i < 40; i++) {
      append(journal, next, BIG);
      ack(journal, next, next + BIG);
      next += BIG;
    }
    journal.force();
  }

  /** Invariant 5: what was acked before and after its extent was copied forward stays acked. */
  @Test
  void acksOutliveTheirJobsOverCopying() throws IOException {
    Journal journal = open(disk);
    ByteBuffer body = journal.body();
    for (long position = 0; position < 64 * 10; position += 64) {
      body.putInt(64).putInt(0).putLong(position).put(new byte[48]);
    }
    journal.appendJobs(new Span(0, 640, new PositionRanges(), 10, 0));
    journal.force();
    List<Long> expected = new ArrayList<>();
    for (long p = 0; p < 640; p += 64) {
      expected.add(p);
    }
    long next = 640;
    for (int i = 0; i < 100; i++) {
      append(journal, next, BIG);
      journal.force();
      ack(journal, next, next + BIG);
      if (i % 10 == 5) {
        long oldest = expected.remove(expected.size() / 2);
        ack(journal, oldest, oldest + 64);
      }
      journal.force();
      journal.reclaim();
      next += BIG;
      assertThat(live(disk.machineDeath())).as("round %d", i).isEqualTo(expected);
      assertThat(live(disk.processDeath())).as("round %d", i).isEqualTo(expected);
    }
    assertThat(expected).isEmpty();
  }

  /**
   * Appends jobs from {@code next} on until the disk is full; returns what would have been next.
   */
  private static long fill(Journal journal, long next) throws IOException {
    long at = next;
    try {
      while (true) {
        append(journal, at, BIG);
        at += BIG;
      }
    } catch (NoSpaceException e) {
      return at;
    }
  }

  @Test
  void spareIsHeldBackForAcks() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    long next = fill(journal, 0);
    assertThat(next).isGreaterThan(SEGMENT);
    journal.force();
    for (long at = 0; at < next; at += BIG) {
      ack(journal, at, at + BIG);
      journal.force();
    }
    assertThat(live(disk.machineDeath())).isEmpty();
  }

  @Test
  void roomComesBackWhenJobsAreAcked() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    long next = fill(journal, 0);
    journal.force();
    ack(journal, 0, next);
    journal.force();
    // The next block says which segments are free; once it is forced, they are used again.
    journal.appendClosed();
    journal.force();
    append(journal, next, BIG);
    journal.force();
    assertThat(live(disk.machineDeath())).containsExactly(next);
  }

  /** On a full disk nobody else may ever write the block that lets a freed segment be used. */
  @Test
  void roomComesBackByItselfWhenTheReserveIsUsedUp() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    // The second time the reserve is used up, too.
    long next = fill(journal, fill(journal, 0));
    journal.force();
    for (long at = 0; at < next; at += BIG) {
      // Not to the journal, where there is no room for it.
      journal.extents().finish(at, at + BIG);
    }
    journal.force();
    append(journal, next, BIG);
    // Were that not forced before, the segment that is used again would still be needed.
    String reused = journal.extents().find(next).segment.file.name();
    assertThatCode(() -> open(disk.machineDeath(reused))).doesNotThrowAnyException();
    journal.force();
    assertThat(live(disk.machineDeath())).contains(next);
  }

  @Test
  void longLivedJobsDoNotPinASegmentWhenTheDiskIsFull() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 4;
    append(journal, 0, 64);
    long next = fill(journal, 64);
    assertThat(next).isGreaterThan(SEGMENT);
    journal.force();
    long second = 64;
    while (journal.segments() > 1 && journal.extents().find(second) != null && second < SEGMENT) {
      ack(journal, second, second + BIG);
      second += BIG;
    }
    journal.force();
    int before = journal.segments();
    journal.reclaim();
    journal.force();
    assertThat(journal.segments()).isLessThan(before);
    assertThat(live(disk.machineDeath())).contains(0L);
  }

  /** What did not fit must not be called journaled by the blocks that follow. */
  @Test
  void blockAfterAFullDiskDoesNotHideTheJobsThatDidNotFit() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    long next = fill(journal, 0);
    ack(journal, 0, BIG);
    journal.force();
    assertThat(reader(disk.processDeath()).open(0).journaledEnd()).isEqualTo(next);
  }

  /** Its blocks were not promised, and a new segment with its number would bring them back. */
  @Test
  void numberOfASegmentWithoutAHeaderIsNotGivenAgain() throws IOException {
    Journal first = open(disk);
    append(first, 0, 64);
    first.force();
    MemoryStorage dead = disk.processDeath();
    Journal again = open(dead);
    append(again, 64, 64);
    append(again, 128, 64);
    String file = again.extents().find(64).segment.file.name();
    Arrays.fill(dead.bytes(file), 0, Segment.HEADER_BYTES, (byte) 0);
    for (int i = 0; i < 2; i++) {
      Journal third = open(dead);
      assertThat(live(third)).as("opening %d", i).containsExactly(0L);
      third.body();
      third.appendClosed();
      third.force();
    }
  }

  @Test
  void failedForceIsNotTakenForSuccess() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    disk.failingForce = new IOException("broken");
    assertThatThrownBy(journal::force).hasMessage("broken");
    assertThat(live(disk.machineDeath())).isEmpty();
  }

  /** A journal whose last force failed, in a cycle that went over into a new segment. */
  private void failForceOverASegmentsEnd() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    journal.force();
    for (long next = 64; next < 8L * BIG; next += BIG) {
      append(journal, next, BIG);
    }
    disk.failingForce = new IOException("broken");
    assertThatThrownBy(journal::force).hasMessage("broken");
  }

  /** Invariant 7: that the next force reports success says nothing of what the last one gave up. */
  @Test
  void whatAFailedForceGaveUpIsWrittenAgainBeforeAnyoneReliesOnIt() throws IOException {
    failForceOverASegmentsEnd();
    assertThat(live(disk.machineDeath())).containsExactly(0L);
    MemoryStorage reopened = disk.processDeath();
    Journal next = open(reopened);
    List<Long> found = live(next);
    assertThat(found).hasSize(9);
    append(next, 100L * BIG, 64);
    next.force();
    assertThat(live(reopened.machineDeath())).startsWith(found.toArray(new Long[0])).hasSize(10);
  }

  /** The system may drop what was given up at any moment, between two looks of recovery even. */
  @Test
  void opensOrSaysSoWhenWhatAFailedForceGaveUpVanishes() throws IOException {
    failForceOverASegmentsEnd();
    int refused = 0;
    int reads = 0;
    for (boolean vanished = true; vanished; reads++) {
      MemoryStorage reopened = disk.processDeath();
      reopened.readsToForgetting = reads;
      List<Long> found = List.of(0L);
      try {
        Journal next = open(reopened);
        // The last round: it was not needed any more.
        vanished = reopened.readsToForgetting < 0;
        found = live(next);
        append(next, 100L * BIG, 64);
        next.force();
      } catch (IOException e) {
        refused++;
      }
      assertThat(live(reopened.machineDeath()))
          .as("%d reads", reads)
          .startsWith(found.toArray(new Long[0]));
      assertThat(live(reopened)).as("%d reads", reads).startsWith(found.toArray(new Long[0]));
    }
    assertThat(refused).isPositive();
    assertThat(reads).isGreaterThan(20);
  }

  /** The machine died in a cycle that went over into a new segment, of which only that is left. */
  @Test
  void unforcedSegmentBehindATornOneIsNotCorruption() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    journal.force();
    long next = 64;
    for (int i = 0; i < 12; i++) {
      append(journal, next, BIG);
      next += BIG;
    }
    List<String> names = disk.names();
    for (String lucky : names) {
      MemoryStorage dead = disk.machineDeath(lucky);
      assertThat(live(dead)).as("only %s was written back", lucky).contains(0L);
      // And it goes on from there, also over the next deaths.
      Journal again = open(dead);
      append(again, next, 64);
      again.force();
      assertThat(live(dead.machineDeath())).contains(0L, next);
      assertThat(live(dead.processDeath())).contains(0L, next);
    }
  }

  @Test
  void promisedSegmentThatIsLostIsCorruption() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 12; i++) {
      append(journal, (long) i * BIG, BIG);
      journal.force();
    }
    for (String name : disk.names().subList(0, 2)) {
      MemoryStorage dead = disk.machineDeath();
      dead.delete(name);
      assertThatThrownBy(() -> live(dead)).isInstanceOf(CorruptionException.class);
    }
  }

  /** The process died, then the machine: what was only written must not be called durable. */
  @Test
  void blocksOfADeadProcessAreForcedBeforeAnyoneReliesOnThem() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    journal.force();
    append(journal, 64, 64);
    MemoryStorage second = disk.processDeath();
    Journal next = open(second);
    append(next, 128, 64);
    next.force();
    MemoryStorage dead = second.machineDeath();
    assertThatCode(() -> live(dead)).doesNotThrowAnyException();
    assertThat(live(dead)).containsExactly(0L, 64L, 128L);
  }

  @Test
  void openingThatFindsCorruptionClosesWhatItOpened() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 12; i++) {
      append(journal, (long) i * BIG, BIG);
      journal.force();
    }
    MemoryStorage dead = disk.machineDeath();
    dead.bytes(dead.names().get(0))[4096 + 20] ^= 1;
    assertThatThrownBy(() -> live(dead)).isInstanceOf(CorruptionException.class);
    assertThat(dead.closed).isEqualTo(dead.opened);
  }

  @Test
  void bodyIsCheckedWheneverItIsReadBack() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 4096);
    disk.bytes(disk.names().get(0))[4096 + 200] ^= 1;
    assertThatThrownBy(() -> live(journal))
        .hasMessageContainingAll(disk.names().get(0), "offset 4096", "checksum");
  }

  /** Frames as this test makes them. */
  private static final class Frames implements Journal.Bodies {
    @Override
    public void check(byte[] bytes, long first, long end) {
      // The journal's own checks are on trial here.
    }

    @Override
    public Journal.Moved copyLive(
        byte[] bytes, int length, PositionRanges finished, ByteBuffer target) {
      ByteBuffer body = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int jobs = 0;
      for (int at = 0; at < length; at += body.getInt(at)) {
        if (!finished.contains(body.getLong(at + 8))) {
          target.put(bytes, at, body.getInt(at));
          jobs++;
        }
      }
      return new Journal.Moved(jobs, 0);
    }
  }
}
