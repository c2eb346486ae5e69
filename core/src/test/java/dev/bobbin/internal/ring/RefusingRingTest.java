package dev.bobbin.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a producer gets while the ring is told to refuse: a place that is seen, or none. */
@Timeout(120)
class RefusingRingTest {
  private static final int CAPACITY = 256 << 10;
  private static final int ROUNDS = 3_000;

  private final RingFile.Parts parts = RingFile.Parts.inMemory(CAPACITY);
  private final Ring ring = new Ring(parts.ring(), CAPACITY, false, 0, new Doorbell(() -> {}));
  private final Window window = new Window(ring, parts, 0, false);
  private final Reader reader = window.addReader();
  private final Claim claim = ring.newClaim(1024);

  /** Jobs that the producer was told have a place. Read when it has ended. */
  private long accepted;

  private long taken;

  /**
   * A queue that is drained or closed looks for its last job when it has had the ring refuse: what
   * came after that look would be accepted by a queue that has said that it is empty.
   */
  @Test
  void noJobComesAfterTheTailWasRead() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    long[] last = {0};
    Thread producer = new Thread(() -> produce(barrier, last));
    producer.start();
    int late = 0;
    int rounds = 0;
    for (; rounds < ROUNDS && late == 0; rounds++) {
      window.makeRoom(CAPACITY / 2, false);
      barrier.await(60, TimeUnit.SECONDS);
      for (int pauses = rounds % 128; pauses > 0; pauses--) {
        Thread.onSpinWait();
      }
      window.refuse(true);
      long end = ring.tail();
      barrier.await(60, TimeUnit.SECONDS);
      late += last[0] >= end ? 1 : 0;
      window.refuse(false);
      takeAll();
    }
    producer.interrupt();
    producer.join();
    assertThat(late).as("rounds with a job behind the tail, of %s", rounds).isZero();
    takeAll();
    assertThat(taken).as("what was accepted is there, and nothing else").isEqualTo(accepted);
  }

  /** Appends until it is refused, each time. */
  private void produce(CyclicBarrier barrier, long[] last) {
    FrameWriter writer = new FrameWriter();
    writer.ready(new byte[8], 0);
    try {
      while (true) {
        barrier.await();
        long position = ring.append(writer);
        while (position != Ring.NO_ROOM) {
          accepted++;
          last[0] = position;
          position = ring.append(writer);
        }
        barrier.await();
      }
    } catch (Exception e) {
      // The test is over.
      Thread.currentThread().interrupt();
    }
  }

  /** A claim that became padding is passed as any other, and is no frame of any kind. */
  private void takeAll() {
    while (ring.claim(reader, claim, CAPACITY)) {
      taken += claim.size();
      reader.release();
      claim.forEachRange(this::finishWholeClaim);
    }
    assertThat(ring.hasUnread()).isFalse();
  }

  private void finishWholeClaim(long from, long to) {
    assertThat(List.of(from, to)).containsExactly(claim.from(), claim.to());
    window.finish(from, to);
  }
}
