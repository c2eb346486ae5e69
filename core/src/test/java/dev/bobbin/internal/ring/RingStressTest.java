package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many producers and workers on the smallest ring, which laps hundreds of times. */
@Timeout(300)
class RingStressTest {
  private static final int CAPACITY = 256 << 10;
  private static final int PRODUCERS = 4;
  private static final int WORKERS = 3;
  private static final int JOBS_EACH = 200_000;

  private final RingFile.Parts parts = RingFile.Parts.inMemory(CAPACITY);
  private final Doorbell doorbell = new Doorbell(() -> {});
  private final Ring ring = new Ring(parts.ring(), CAPACITY, false, 0, doorbell);
  private final Window window = new Window(ring, parts, 0, false);
  private final AtomicIntegerArray seen = new AtomicIntegerArray(PRODUCERS * JOBS_EACH);
  private final AtomicLong taken = new AtomicLong();
  private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

  @Test
  void everyPayloadArrivesWholeAndOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      int producer = p;
      threads.add(new Thread(() -> guarded(() -> produce(producer))));
    }
    for (int w = 0; w < WORKERS; w++) {
      threads.add(new Thread(() -> guarded(this::work)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(errors).isEmpty();
    for (int i = 0; i < seen.length(); i++) {
      if (seen.get(i) != 1) {
        throw new AssertionError("job " + i + " came " + seen.get(i) + " times");
      }
    }
    assertThat(ring.tail() / CAPACITY).as("laps").isGreaterThan(100);
  }

  private interface Task {
    void run() throws Exception;
  }

  private void guarded(Task task) {
    try {
      task.run();
    } catch (Throwable e) {
      errors.add(e);
      taken.set(Long.MAX_VALUE / 2);
      doorbell.wakeAllWorkers();
    }
  }

  /** Payload: the job's number, then bytes that follow from it; the length varies with it too. */
  private void produce(int producer) throws Exception {
    FrameWriter writer = new FrameWriter();
    for (int i = 0; i < JOBS_EACH && errors.isEmpty(); i++) {
      int number = producer * JOBS_EACH + i;
      byte[] payload = new byte[4 + number % 97];
      ByteBuffer.wrap(payload).putInt(number);
      for (int at = 4; at < payload.length; at++) {
        payload[at] = (byte) (number + at);
      }
      writer.ready(payload, 0);
      while (ring.append(writer) == Ring.NO_ROOM && errors.isEmpty()) {
        window.awaitRoom(writer.alignedLength(), false, TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  private void work() {
    Reader reader = window.addReader();
    Claim claim = ring.newClaim(64);
    while (taken.get() < seen.length()) {
      if (!ring.claim(reader, claim, 8192)) {
        doorbell.awaitWork(() -> ring.hasUnread() || taken.get() >= seen.length());
        continue;
      }
      for (int i = 0; i < claim.size(); i++) {
        check(claim.memory(), claim.offset(i));
      }
      reader.release();
      claim.forEachRange(window::finish);
      if (taken.addAndGet(claim.size()) >= seen.length()) {
        doorbell.wakeAllWorkers();
      } else if (ring.hasUnread()) {
        doorbell.wakeAnother();
      }
    }
  }

  private void check(ByteBuffer memory, int offset) {
    int start = offset + Frame.HEADER_BYTES;
    int number = Integer.reverseBytes(memory.getInt(start));
    seen.incrementAndGet(number);
    int length = memory.getInt(offset) - Frame.HEADER_BYTES;
    assertSame(4 + number % 97, length, number);
    for (int at = 4; at < length; at++) {
      assertSame((byte) (number + at), memory.get(start + at), number);
    }
  }

  private static void assertSame(int expected, int found, int number) {
    if (expected != found) {
      throw new AssertionError("job " + number + ": expected " + expected + ", found " + found);
    }
  }
}
