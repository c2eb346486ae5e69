package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.local.Inside;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch that is full says nothing of how far producers have got. */
class TakerTest {
  private static final QueueOptions OPTIONS =
      QueueOptions.defaults().withRingBytes(256 << 10).withMaxPayloadBytes(3_000);

  private final Bobbin bobbin = Bobbin.inMemory();
  private final JobQueue<byte[]> queue = bobbin.queue("q", Codec.bytes(), OPTIONS);
  private final Taker taker = new Taker(Inside.desk(queue), 4);

  @AfterEach
  void close() {
    taker.close();
    bobbin.close();
  }

  /** Takes a batch and lets it go; returns how many jobs that were. */
  private int take() {
    assertThat(taker.enter(4) && taker.take()).isTrue();
    int jobs = taker.size();
    taker.release();
    taker.leave();
    return jobs;
  }

  @Test
  void hasCaughtUpWhenTheBatchCouldHaveBeenLarger() {
    for (int i = 0; i < 6; i++) {
      queue.submit(new byte[8]);
    }
    assertThat(take()).isEqualTo(4);
    assertThat(taker.hasCaughtUp()).isFalse();
    assertThat(take()).isEqualTo(2);
    assertThat(taker.hasCaughtUp()).isTrue();
  }

  @Test
  void hasNotCaughtUpWhenTheBatchHasAsManyBytesAsItMay() {
    for (int i = 0; i < 3; i++) {
      queue.submit(new byte[3_000]);
    }
    assertThat(take()).isEqualTo(2);
    assertThat(taker.hasCaughtUp()).isFalse();
  }
}
