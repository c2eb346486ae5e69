package dev.bobbin.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.internal.journal.Extent;
import dev.bobbin.internal.journal.Journal;
import dev.bobbin.internal.journal.JournalReader;
import dev.bobbin.internal.journal.MemoryStorage;
import dev.bobbin.internal.journal.Span;
import dev.bobbin.internal.position.PositionRanges;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Reports;
import dev.bobbin.internal.ring.RingFile;
import dev.bobbin.internal.ring.SettledMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of recovery, on a disk in memory and a ring that was put together by hand. */
@Timeout(60)
class RecoveryStepsTest {
  private static final long SEED = 0x5eed;
  private static final long NOW = 1_000_000;
  private static final int RING = 64 << 10;
  private static final long JUMP = Recovery.POSITION_JUMP;

  private final MemoryStorage disk = new MemoryStorage();
  private final RingFile.Parts parts = RingFile.Parts.inMemory(RING);
  private final FrameWriter writer = new FrameWriter();
  private final Found found = new Found();

  /** What recovery tells of. */
  private static final class Found implements Recovery.Sink {
    final List<String> told = new ArrayList<>();

    @Override
    public void delayed(Priority priority, long dueMillis, long position, int bytes) {
      told.add("delayed " + priority + " " + dueMillis + " at " + position + " of " + bytes);
    }

    @Override
    public void dead(long position, long id, int bytes) {
      told.add("dead " + id + " at " + position + " of " + bytes);
    }

    @Override
    public void ready(long jobs, long bytes) {
      told.add("ready " + jobs + " of " + bytes);
    }

    @Override
    public void keyed(String key, long id, long submittedSeconds) {
      told.add("key " + key + " of " + id + " at " + submittedSeconds);
    }
  }

  private static JournalReader reader(MemoryStorage on) {
    return new JournalReader(
        on, SEED, 1 << 20, 128 << 10, new FrameBodies(SEED), ByteBuffer::allocateDirect);
  }

  /** An empty one. */
  static Journal journal() throws IOException {
    return reader(new MemoryStorage()).open(0).journal();
  }

  private byte[] ready(long position, int payload) {
    writer.ready(new byte[payload], NOW);
    return writer.sealed(position, SEED);
  }

  /** Writes the frames as one block of [first, end) and forces it. */
  private void journal(long first, long end, int ready, byte[]... frames) throws IOException {
    Journal journal = reader(disk).open(0).journal();
    ByteBuffer body = journal.body();
    PositionRanges gaps = new PositionRanges();
    long next = first;
    for (byte[] frame : frames) {
      long position = Frame.position(frame, 0);
      if (position > next) {
        gaps.add(next, position);
      }
      body.put(frame);
      next = position + frame.length;
    }
    if (end > next) {
      gaps.add(next, end);
    }
    journal.appendJobs(new Span(first, end, gaps, ready, frames.length - ready));
    journal.force();
    journal.close();
  }

  private void inRing(byte[] frame) {
    parts.ring().put((int) Frame.position(frame, 0) & RING - 1, frame);
  }

  private Recovery.Recovered recover() throws IOException {
    return recover(disk, found);
  }

  private Recovery.Recovered recover(MemoryStorage on, Recovery.Sink sink) throws IOException {
    return Recovery.run(reader(on), parts, SEED, true, 3, NOW, sink);
  }

  private static List<Long> positions(RingTail tail) {
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < tail.size(); i++) {
      assertThat(Frame.position(tail.frame(i), 0)).isEqualTo(tail.position(i));
      positions.add(tail.position(i));
    }
    return positions;
  }

  // What is left in the ring.

  @Test
  void jobsInTheRingComeInOrderThoughItLaps() {
    List<Long> all = new ArrayList<>();
    for (long position = RING - 100 * 48; position < RING + 100 * 48; position += 48) {
      all.add(position);
      inRing(ready(position, 8));
    }
    assertThat(positions(new RingTail(parts, SEED, 0))).isEqualTo(all);
  }

  @Test
  void jobThatEndsWithTheRingIsThere() {
    inRing(ready(RING - 40, 0));
    assertThat(positions(new RingTail(parts, SEED, 0))).containsExactly(RING - 40L);
  }

  @Test
  void jobThatWouldReachBeyondTheRingIsNoJob() {
    byte[] frame = ready(RING - 40, 8);
    parts.ring().put(RING - 40, frame, 0, 40);
    assertThat(positions(new RingTail(parts, SEED, 0))).isEmpty();
  }

  @Test
  void lengthThatNoFrameHasIsNoJob() {
    for (int length : new int[] {39, 0, -8, Integer.MAX_VALUE, RING}) {
      inRing(ready(64, 8));
      parts.ring().putInt(64, length);
      assertThat(positions(new RingTail(parts, SEED, 0))).as("%d", length).isEmpty();
    }
  }

  @Test
  void jobsBelowTheJournalsEndOrTheMarkAreSettled() {
    inRing(ready(480, 8));
    inRing(ready(528, 8));
    assertThat(positions(new RingTail(parts, SEED, 480))).containsExactly(480L, 528L);
    assertThat(positions(new RingTail(parts, SEED, 488))).containsExactly(528L);
    new SettledMark(parts.mark(), SEED).store(528);
    assertThat(positions(new RingTail(parts, SEED, 0))).containsExactly(528L);
  }

  @Test
  void reportedJobsAreFinished() {
    inRing(ready(480, 8));
    inRing(ready(528, 8));
    Reports.finished(parts, SEED, 480, 528);
    assertThat(positions(new RingTail(parts, SEED, 0))).containsExactly(528L);
  }

  // Where the queue goes on: a multiple of the jump, one at least beyond every trace.

  @Test
  void emptyQueueBeginsAtTheFirstJump() throws IOException {
    assertThat(recover().start()).isEqualTo(JUMP);
  }

  @Test
  void startIsBeyondTheJournal() throws IOException {
    journal(0, JUMP + 48, 1, ready(JUMP, 8));
    assertThat(recover().start()).isEqualTo(3 * JUMP);
  }

  @Test
  void startIsBeyondTheMark() throws IOException {
    journal(0, JUMP, 1, ready(64, 8));
    new SettledMark(parts.mark(), SEED).store(JUMP);
    assertThat(recover().start()).isEqualTo(2 * JUMP);
  }

  @Test
  void startIsBeyondWhatWasReported() throws IOException {
    Reports.finished(parts, SEED, 2 * JUMP, 2 * JUMP + 48);
    assertThat(recover().start()).isEqualTo(4 * JUMP);
  }

  @Test
  void startIsBeyondWhatLiesInTheRing() throws IOException {
    inRing(ready(2 * JUMP + 8, 0));
    assertThat(recover().start()).isEqualTo(4 * JUMP);
  }

  // What it tells, and leaves.

  @Test
  void everyJobIsToldOfOnce() throws IOException {
    byte[] keyed = Extras.of(JobOptions.NONE.keyed("k"), NOW);
    byte[][] frames = new byte[4][];
    frames[0] = ready(64, 8);
    writer.ready(new byte[8], keyed, NOW);
    frames[1] = writer.sealed(112, SEED);
    writer.delayed(Priority.HIGH, new byte[8], new byte[0], NOW + 5, NOW);
    frames[2] = writer.sealed(512, SEED);
    byte[] source = ready(8, 8);
    writer.dead(source, 0, 2, "why", NOW);
    frames[3] = writer.sealed(1024, SEED);
    journal(64, 2048, 1, frames);
    journal(2048, 4096, 2, ready(2048, 8), ready(2096, 8));
    Recovery.Recovered recovered = recover();
    assertThat(found.told)
        .containsExactly(
            "ready 1 of 48",
            "key k of 112 at " + NOW / 1000,
            "ready 1 of " + frames[1].length,
            "delayed HIGH " + (NOW + 5) + " at 512 of 48",
            "dead 8 at 1024 of " + frames[3].length,
            "ready 2 of 96");
    assertThat(recovered.ready()).isEqualTo(4);
    assertThat(recovered.delayed()).isEqualTo(1);
    assertThat(recovered.dead()).isEqualTo(1);
  }

  @Test
  void whatTheRingSaysIsForgottenAndTheMarkIsTheStart() throws IOException {
    Reports.finished(parts, SEED, 64, 128);
    Reports.inHand(parts, 64, 128);
    Recovery.Recovered recovered = recover();
    assertThat(new SettledMark(parts.mark(), SEED).load()).isEqualTo(recovered.start());
    for (ByteBuffer part : List.of(parts.log(), parts.inHand())) {
      assertThat(part).isEqualTo(ByteBuffer.allocate(part.capacity()));
    }
  }

  @Test
  void refusedJournalIsClosed() throws IOException {
    byte[] misplaced = ready(4096, 8);
    Journal journal = reader(disk).open(0).journal();
    journal.body().put(misplaced);
    journal.appendJobs(new Span(64, 112, new PositionRanges(), 0, 1));
    journal.force();
    journal.close();
    assertThatThrownBy(this::recover)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("does not check out");
    assertThat(disk.open()).isZero();
  }

  // Jobs in hand.

  @Test
  void jobsInHandAreReplacedInEveryBlock() throws IOException {
    journal(64, 112, 1, ready(64, 8));
    journal(112, 160, 1, ready(112, 8));
    Reports.inHand(parts, 64, 160);
    Recovery.Recovered recovered = recover();
    assertThat(recovered.suspects()).isEqualTo(2);
    assertThat(recovered.start()).isEqualTo(3 * JUMP);
    assertThat(found.told)
        .containsExactly(
            "delayed NORMAL " + NOW + " at " + 2 * JUMP + " of 48",
            "delayed NORMAL " + NOW + " at " + (2 * JUMP + 48) + " of 48");
    Found again = new Found();
    recover(disk.machineDeath(), again);
    assertThat(again.told).as("after the machine's death").isEqualTo(found.told);
  }

  @Test
  void moreThanARingInHandIsNotBelieved() throws IOException {
    journal(64, 112, 1, ready(64, 8));
    Reports.inHand(parts, 64, 64 + RING + 8);
    assertThat(recover().suspects()).isZero();
  }

  @Test
  void wholeRingInHandIsBelieved() throws IOException {
    journal(64, 112, 1, ready(64, 8));
    Reports.inHand(parts, 64, 64 + RING);
    assertThat(recover().suspects()).isEqualTo(1);
  }

  @Test
  void blockOfJobsInHandIsChecked() throws IOException {
    journal(64, 112, 1, ready(4096, 8));
    Reports.inHand(parts, 64, 112);
    assertThatThrownBy(this::recover).isInstanceOf(CorruptionException.class);
  }

  // Frames are put into blocks.

  @Test
  void framesThatDoNotFitOneBlockGoToSeveral() throws IOException {
    Journal journal = journal();
    FrameAppender appender = new FrameAppender(journal, 64);
    int frame = Journal.MAX_BODY_BYTES / 4;
    List<Long> all = new ArrayList<>();
    for (long position = 128; position < 128 + 9L * frame; position += frame) {
      appender.add(ready(position, frame - 40), position);
      all.add(position);
    }
    appender.finish(10L * frame);
    List<Long> there = new ArrayList<>();
    long next = 64;
    for (Extent extent : journal.extents().all()) {
      assertThat(extent.first()).isEqualTo(next);
      byte[] body = journal.readBody(extent);
      journal.check(extent, body);
      FrameBodies.forEachLive(
          body,
          journal.extents().finishedIn(extent),
          (bytes, offset, position) -> there.add(position));
      next = extent.end();
    }
    assertThat(there).isEqualTo(all);
    assertThat(next).isEqualTo(10L * frame);
    assertThat(journal.extents().all()).hasSize(3);
  }
}
