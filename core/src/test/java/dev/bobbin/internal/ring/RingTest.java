package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ring, window and sweep on one thread, position by position. */
@Timeout(120)
class RingTest {
  private static final int CAPACITY = 256 << 10;
  private static final long SEED = 77;

  private final RingFile.Parts parts = RingFile.Parts.inMemory(CAPACITY);
  private final Doorbell doorbell = new Doorbell(() -> {});
  private final Ring ring = new Ring(parts.ring(), CAPACITY, true, SEED, doorbell);
  private final SettledMark mark = new SettledMark(parts.mark(), SEED);
  private final FrameWriter writer = new FrameWriter();
  private final Claim claim = ring.newClaim(256);

  private Window window = new Window(ring, parts, SEED, false);
  private Reader reader = window.addReader();

  /** The same ring with a journal behind it: nothing counts as written by itself. */
  private void journaled() {
    window = new Window(ring, parts, SEED, true);
    reader = window.addReader();
  }

  private long submit(int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    java.util.Arrays.fill(payload, (byte) 1);
    writer.ready(payload, 0);
    long position = ring.append(writer);
    if (position == Ring.NO_ROOM && window.makeRoom(writer.alignedLength(), false)) {
      position = ring.append(writer);
    }
    return position;
  }

  private List<Long> take(int jobs, int maxBytes) {
    claim.limit(jobs);
    List<Long> positions = new ArrayList<>();
    if (ring.claim(reader, claim, maxBytes)) {
      for (int i = 0; i < claim.size(); i++) {
        positions.add(claim.memory().getLong(claim.offset(i) + Frame.POSITION));
        assertThat(claim.positionAt(claim.offset(i))).isEqualTo(positions.get(i));
      }
    }
    return positions;
  }

  private void finishClaim() {
    reader.release();
    claim.forEachRange(window::finish);
  }

  /** Moves head and tail on by whole batches until the next frame would begin at {@code offset}. */
  private void advanceTo(int offset) {
    while ((ring.tail() & (CAPACITY - 1)) != offset) {
      int left = (int) ((offset - ring.tail()) & (CAPACITY - 1));
      int size = left <= 8192 ? left : 4096;
      assertThat(submit(size - Frame.HEADER_BYTES)).isNotEqualTo(Ring.NO_ROOM);
      take(256, CAPACITY);
      finishClaim();
    }
  }

  @Test
  void jobsComeInOrderOfPosition() {
    List<Long> submitted = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      submitted.add(submit(i));
    }
    assertThat(take(256, CAPACITY)).isEqualTo(submitted);
    assertThat(take(256, CAPACITY)).isEmpty();
  }

  @Test
  void batchEndsAtItsSize() {
    for (int i = 0; i < 10; i++) {
      submit(8);
    }
    assertThat(take(3, CAPACITY)).hasSize(3);
    assertThat(take(3, CAPACITY)).hasSize(3);
    assertThat(take(100, CAPACITY)).hasSize(4);
  }

  @Test
  void batchEndsWithTheJobThatReachesItsBytes() {
    for (int i = 0; i < 10; i++) {
      submit(60);
    }
    assertThat(take(256, 1)).hasSize(1);
    assertThat(take(256, 208)).hasSize(2);
    assertThat(take(256, 209)).hasSize(3);
  }

  @Test
  void frameThatDoesNotFitTheEndGoesBehindPadding() {
    advanceTo(CAPACITY - 64);
    long start = ring.tail();
    long position = submit(100);
    assertThat(position).isEqualTo(start + 64);
    assertThat(position % CAPACITY).isZero();
    assertThat(take(256, CAPACITY)).containsExactly(position);
    finishClaim();
    assertThat(window.makeRoom(1024, false)).isTrue();
    assertThat(window.reclaimed()).as("padding is given back too").isEqualTo(ring.tail());
  }

  @Test
  void frameThatFillsTheEndExactlyNeedsNoPadding() {
    advanceTo(CAPACITY - 64);
    long start = ring.tail();
    assertThat(submit(24)).isEqualTo(start);
    assertThat(submit(24)).isEqualTo(start + 64);
    assertThat(take(256, CAPACITY)).as("a batch does not go over the end").containsExactly(start);
    assertThat(take(256, CAPACITY)).containsExactly(start + 64);
  }

  @Test
  void paddingOfTheSmallestSizeIsPassed() {
    advanceTo(CAPACITY - 8);
    long position = submit(16);
    assertThat(position % CAPACITY).isZero();
    assertThat(take(256, CAPACITY)).containsExactly(position);
  }

  @Test
  void claimStopsAtAFrameThatIsNotPublished() {
    long first = submit(8);
    long hole = submit(8);
    long third = submit(8);
    int offset = (int) hole & (CAPACITY - 1);
    long word = parts.ring().getLong(offset);
    parts.ring().putLong(offset, 0);
    assertThat(take(256, CAPACITY)).containsExactly(first);
    finishClaim();
    assertThat(take(256, CAPACITY)).isEmpty();
    assertThat(ring.hasUnread()).isTrue();
    parts.ring().putLong(offset, word);
    assertThat(take(256, CAPACITY)).containsExactly(hole, third);
  }

  /** Whatever a payload contains, no remnant of it is taken for a frame in the next lap. */
  @Test
  void bytesAreZeroedBeforeTheyAreClaimedAgain() {
    Random random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      byte[] payload = new byte[random.nextInt(2000)];
      for (int at = 0; at + 8 <= payload.length; at += 8) {
        // Each word looks like a published frame of 48 bytes.
        payload[at] = 48;
      }
      writer.ready(payload, 0);
      while (ring.append(writer) == Ring.NO_ROOM) {
        assertThat(window.makeRoom(writer.alignedLength(), false)).isTrue();
      }
      assertThat(parts.ring().getLong((int) ring.tail() & (CAPACITY - 1)))
          .as("the word at tail in round %d", i)
          .isZero();
      assertThat(take(256, CAPACITY)).hasSize(1);
      finishClaim();
      assertThat(take(256, CAPACITY)).as("only what was submitted").isEmpty();
    }
    assertThat(ring.tail()).isGreaterThan(10L * CAPACITY);
  }

  @Test
  void retriesUseTheReserveWhileProducersAreStopped() {
    journaled();
    while (submit(1000) != Ring.NO_ROOM) {
      // Fills what producers may use.
    }
    assertThat(CAPACITY * 3 / 4 - (ring.tail() - CAPACITY)).isBetween(0L, 2048L);
    int reserved = 0;
    writer.delayed(new byte[1000], 0, 0);
    while (ring.appendReserved(writer) != Ring.NO_ROOM
        || (window.makeRoom(writer.alignedLength(), true)
            && ring.appendReserved(writer) != Ring.NO_ROOM)) {
      reserved += writer.alignedLength();
    }
    assertThat(reserved).isGreaterThan(CAPACITY / 4 - 4096);
    assertThat(submit(8)).isEqualTo(Ring.NO_ROOM);
  }

  @Test
  void refusingStopsProducersButNotRetries() {
    window.refuse(true);
    assertThat(submit(8)).isEqualTo(Ring.NO_ROOM);
    writer.delayed(new byte[8], 0, 0);
    assertThat(ring.appendReserved(writer)).isNotEqualTo(Ring.NO_ROOM);
    window.refuse(false);
    assertThat(submit(8)).isNotEqualTo(Ring.NO_ROOM);
  }

  @Test
  void ceilingStopsProducers() {
    window.ceiling(ring.tail() + 100);
    assertThat(submit(8)).isNotEqualTo(Ring.NO_ROOM);
    assertThat(submit(8)).isEqualTo(Ring.NO_ROOM);
  }

  @Test
  void readerHoldsItsSpaceUntilItReleases() {
    long first = submit(100);
    take(256, CAPACITY);
    claim.forEachRange(window::finish);
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(first);
    reader.release();
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(ring.tail());
  }

  @Test
  void unfinishedJobHoldsItsSpaceUntilItIsWritten() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    long first = submit(100);
    take(256, CAPACITY);
    reader.release();
    window.makeRoom(8, false);
    assertThat(window.reclaimed()).isEqualTo(first);
    cycle(sweep);
    assertThat(window.reclaimed()).isEqualTo(ring.tail());
  }

  private List<Long> cycle(Sweep sweep) {
    sweep.drain();
    sweep.takeEnd();
    return finishCycle(sweep);
  }

  private List<Long> finishCycle(Sweep sweep) {
    List<Long> offered = new ArrayList<>();
    assertThat(
            sweep.advance(
                (m, offset, length, position, kind) -> offer(offered, m, offset, position)))
        .as("no frame that is not published")
        .isTrue();
    sweep.written();
    return offered;
  }

  private static boolean offer(List<Long> offered, ByteBuffer memory, int offset, long position) {
    assertThat(memory.getLong(offset + Frame.POSITION)).isEqualTo(position);
    offered.add(position);
    return true;
  }

  @Test
  void finishedJobIsNotWritten() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    submit(100);
    long second = submit(100);
    take(1, CAPACITY);
    finishClaim();
    assertThat(cycle(sweep)).containsExactly(second);
    assertThat(cycle(sweep)).isEmpty();
  }

  /** Found in review: space that was finished between drain and end was read after its reuse. */
  @Test
  void jobFinishedAfterTheDrainIsWrittenAndKeepsItsSpace() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    long first = submit(100);
    sweep.drain();
    take(256, CAPACITY);
    finishClaim();
    for (int i = 0; i < 1000 && submit(4000) != Ring.NO_ROOM; i++) {
      take(256, CAPACITY);
      finishClaim();
    }
    sweep.takeEnd();
    assertThat(finishCycle(sweep)).startsWith(first);
  }

  /** A worker that is stopped after it was told that the ring has the oldest jobs. */
  @Test
  void jobsThatFollowThoseThatLeftTheRingAreNotClaimed() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    submit(8);
    submit(8);
    cycle(sweep);
    boolean[] left = {false};
    boolean claimed =
        ring.claim(
            reader,
            claim,
            CAPACITY,
            () -> {
              boolean before = left[0];
              if (!before) {
                left[0] = true;
                assertThat(sweep.pass()).isNotNull();
                submit(8);
              }
              return before;
            });
    assertThat(claimed).isFalse();
    assertThat(ring.hasUnread()).isTrue();
  }

  @Test
  void jobThatFinishesAfterItWasWrittenIsAcked() {
    journaled();
    Sweep sweep = new Sweep(ring, window);
    long first = submit(100);
    cycle(sweep);
    take(256, CAPACITY);
    finishClaim();
    var acks = sweep.drain();
    assertThat(acks.contains(first)).isTrue();
    assertThat(acks.covered()).isEqualTo(ring.tail() - first);
  }

  /** In memory: a retry that is counted before a cycle's end and claimed after it. */
  @Test
  void asideFrameClaimedDuringACycleIsNotPassedUnseen() {
    Sweep sweep = new Sweep(ring, window);
    // What Ring.appendAside does, stopped between its count and its claim.
    ring.asides.getAndAdd(1);
    cycle(sweep);
    writer.delayed(new byte[8], 0, 0);
    long position = ring.append(writer);
    window.makeRoom(8, false);
    long written = window.locked(() -> window.settlement().written());
    assertThat(written).isLessThanOrEqualTo(position);
    assertThat(cycle(sweep)).containsExactly(position);
  }

  @Test
  void asideFramesAreNoJobsAndAreLeftOutOfTheFinishedRanges() {
    long first = submit(8);
    writer.delayed(new byte[8], 0, 0);
    long aside = ring.appendAside(writer);
    long third = submit(8);
    assertThat(take(256, CAPACITY)).containsExactly(first, third);
    List<Long> ranges = new ArrayList<>();
    claim.forEachRange(
        (from, to) -> {
          ranges.add(from);
          ranges.add(to);
        });
    assertThat(ranges).containsExactly(first, aside, third, ring.tail());
  }

  @Test
  void fullFinishedLogIsDrainedByWhoeverReports() {
    // One job in two, so that no two ranges touch: more ranges than the log has entries.
    int entries = FinishedLog.bytes(CAPACITY) / FinishedLog.ENTRY_BYTES;
    int jobs = 3 * entries;
    FinishedLog log = new FinishedLog(RingFile.Parts.inMemory(CAPACITY).log(), SEED);
    for (int i = 0; i < entries; i++) {
      assertThat(log.offer(2L * i, 2L * i + 1)).isTrue();
    }
    assertThat(log.offer(9, 10)).isFalse();
    List<Long> drained = new ArrayList<>();
    log.drain((from, to) -> drained.add(from));
    assertThat(drained).hasSize(entries).startsWith(0L, 2L, 4L);
    assertThat(log.offer(9, 10)).isTrue();
    long base = ring.tail();
    for (int i = 0; i < jobs; i++) {
      window.finish(base + 16L * i, base + 16L * i + 8);
    }
    long unfinished =
        window.locked(() -> window.settlement().firstUnfinished(base + 16L * (jobs - 1)));
    assertThat(unfinished).isEqualTo(base + 16L * (jobs - 1) + 8);
  }

  @Test
  void finishedLogIsReadBackAfterADeath() {
    RingFile.Parts memory = RingFile.Parts.inMemory(CAPACITY);
    FinishedLog log = new FinishedLog(memory.log(), SEED);
    log.offer(8, 16);
    log.offer(24, 48);
    List<Long> found = new ArrayList<>();
    FinishedLog.recover(memory.log(), SEED, (from, to) -> found.addAll(List.of(from, to)));
    assertThat(found).containsExactly(8L, 16L, 24L, 48L);
    found.clear();
    FinishedLog.recover(memory.log(), SEED + 1, (from, to) -> found.addAll(List.of(from, to)));
    assertThat(found).as("another queue's").isEmpty();
    memory.log().putLong(16, 1000);
    FinishedLog.recover(memory.log(), SEED, (from, to) -> found.addAll(List.of(from, to)));
    assertThat(found).as("half an entry").containsExactly(24L, 48L);
  }

  @Test
  void settledMarkSurvivesAKillInTheMiddleOfAStore() {
    ByteBuffer memory = RingFile.Parts.inMemory(CAPACITY).mark();
    SettledMark stored = new SettledMark(memory, SEED);
    assertThat(stored.load()).isZero();
    stored.store(100);
    stored.store(200);
    stored.store(300);
    assertThat(stored.load()).isEqualTo(300);
    // The next store goes to the slot that holds 200; only its first half got there.
    for (int slot = 0; slot < SettledMark.BYTES; slot += 16) {
      if (memory.getLong(slot) == 200) {
        memory.putLong(slot, 400);
      }
    }
    assertThat(stored.load()).isEqualTo(300);
    assertThat(new SettledMark(memory, SEED + 1).load()).isZero();
  }

  @Test
  void waitingProducerIsWokenWhenSpaceComesBack() throws Exception {
    while (submit(1000) != Ring.NO_ROOM) {
      // Fills it.
    }
    AtomicReference<Object> result = new AtomicReference<>();
    Thread producer = new Thread(() -> result.set(await(TimeUnit.SECONDS.toNanos(20))));
    producer.start();
    dev.bobbin.internal.Crash.await(
        "the producer waits", () -> producer.getState() == Thread.State.TIMED_WAITING);
    assertThat(result.get()).isNull();
    while (!take(256, CAPACITY).isEmpty()) {
      finishClaim();
    }
    producer.join(60_000);
    assertThat((Long) result.get()).isPositive();
  }

  private Object await(long nanos) {
    try {
      return window.awaitRoom(1040, false, nanos);
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }

  @Test
  void waitForRoomEndsWithItsTime() throws Exception {
    while (submit(1000) != Ring.NO_ROOM) {
      // Fills it.
    }
    long began = System.nanoTime();
    assertThat((Long) await(TimeUnit.MILLISECONDS.toNanos(120))).isNotPositive();
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(110));
  }

  @Test
  void interruptEndsTheWaitForRoom() throws Exception {
    while (submit(1000) != Ring.NO_ROOM) {
      // Fills it.
    }
    AtomicReference<Object> result = new AtomicReference<>();
    Thread producer = new Thread(() -> result.set(await(TimeUnit.SECONDS.toNanos(20))));
    producer.start();
    producer.interrupt();
    producer.join(60_000);
    assertThat(result.get()).isEqualTo("interrupted");
  }

  @Test
  void doorbellWakesASleeperAndDoesNotParkOneThatSeesWork() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> {
              doorbell.awaitWork(() -> false);
              woken.countDown();
            });
    worker.start();
    dev.bobbin.internal.Crash.await("parked", () -> worker.getState() == Thread.State.WAITING);
    submit(8);
    assertThat(woken.await(60, TimeUnit.SECONDS)).isTrue();
    // Returns at once, or the test's timeout ends it.
    doorbell.awaitWork(() -> true);
  }

  @Test
  void frameCarriesWhatItWasGiven() {
    byte[] payload = {1, 2, 3};
    writer.ready(payload, 5_000);
    long position = ring.append(writer);
    byte[] bytes = frameAt(position);
    assertThat(Frame.isValid(bytes, 0, bytes.length, position, SEED)).isTrue();
    assertThat(Frame.id(bytes, 0)).isEqualTo(position);
    assertThat(Frame.kind(bytes, 0)).isEqualTo(Frame.READY);
    assertThat(Frame.attempt(bytes, 0)).isEqualTo(1);
    assertThat(Frame.submittedSeconds(bytes, 0)).isEqualTo(5);
    assertThat(Frame.payloadLength(bytes, 0)).isEqualTo(3);

    writer.again(bytes, 0, 65_535, 9_000);
    long retry = ring.appendReserved(writer);
    byte[] again = frameAt(retry);
    assertThat(again).hasSameSizeAs(bytes);
    assertThat(Frame.id(again, 0)).isEqualTo(position);
    assertThat(Frame.attempt(again, 0)).isEqualTo(65_535);
    assertThat(Frame.time(again, 0)).isEqualTo(9_000);
    assertThat(Frame.submittedSeconds(again, 0)).isEqualTo(5);

    writer.dead(again, 0, 3, "\u20ac".repeat(1000), 10_000);
    byte[] dead = frameAt(ring.appendReserved(writer));
    assertThat(Frame.kind(dead, 0)).isEqualTo(Frame.DEAD);
    assertThat(Frame.noteBytes(dead, 0)).as("cut between characters").isEqualTo(2 + 1023);
    assertThat(Frame.payloadLength(dead, 0)).isEqualTo(3);
    assertThat(dead[Frame.payloadOffset(dead, 0)]).isEqualTo((byte) 1);
  }

  private byte[] frameAt(long position) {
    int offset = (int) position & (CAPACITY - 1);
    byte[] bytes = new byte[Frame.aligned(parts.ring().getInt(offset))];
    parts.ring().get(offset, bytes);
    return bytes;
  }

  @Test
  void everyChangedBitMakesAFrameInvalid() {
    writer.ready(new byte[] {1, 2, 3}, 5_000);
    long position = ring.append(writer);
    byte[] bytes = frameAt(position);
    int length = Frame.length(bytes, 0);
    for (int bit = 0; bit < length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << (bit & 7));
      assertThat(Frame.isValid(bytes, 0, bytes.length, position, SEED)).as("bit %d", bit).isFalse();
      bytes[bit / 8] ^= (byte) (1 << (bit & 7));
    }
    assertThat(Frame.isValid(bytes, 0, bytes.length, position + 8, SEED)).isFalse();
    assertThat(Frame.isValid(bytes, 0, bytes.length, position, SEED + 1)).isFalse();
    assertThat(Frame.isValid(bytes, 0, length - 1, position, SEED)).isFalse();
  }
}
