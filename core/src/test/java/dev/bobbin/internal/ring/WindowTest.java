package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.Crash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may use how much of a ring, when space comes back, and who waits for it. */
@Timeout(120)
class WindowTest extends OneRing {
  /** Submits until producers have no room left. */
  private void fill() {
    while (submit(1000) != Ring.NO_ROOM) {
      // Each takes some.
    }
  }

  @Test
  void retriesUseTheReserveWhileProducersAreStopped() {
    journaled();
    fill();
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
    fill();
    AtomicReference<Object> result = new AtomicReference<>();
    Thread producer = new Thread(() -> result.set(await(TimeUnit.SECONDS.toNanos(20))));
    producer.start();
    Crash.await("the producer waits", () -> producer.getState() == Thread.State.TIMED_WAITING);
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
    fill();
    long began = System.nanoTime();
    assertThat((Long) await(TimeUnit.MILLISECONDS.toNanos(120))).isNotPositive();
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(110));
  }

  @Test
  void interruptEndsTheWaitForRoom() throws Exception {
    fill();
    AtomicReference<Object> result = new AtomicReference<>();
    Thread producer = new Thread(() -> result.set(await(TimeUnit.SECONDS.toNanos(20))));
    producer.start();
    producer.interrupt();
    producer.join(60_000);
    assertThat(result.get()).isEqualTo("interrupted");
  }
}
