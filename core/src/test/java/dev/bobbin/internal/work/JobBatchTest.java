package dev.bobbin.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Job;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.local.Inside;
import dev.bobbin.internal.ring.FrameWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outcome and the end of the lease at the same moment. */
class JobBatchTest {
  private final Bobbin bobbin = Bobbin.inMemory();
  private final JobQueue<String> queue =
      bobbin.queue("q", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));
  private final byte[] frame = frame();

  /** Without a hold, so that the handler is past its look at the lease. */
  private final JobBatch<String> batch =
      new JobBatch<>(1, Codec.text(), new Expiry(() -> 0), null, 1);

  private final TakeBack back = new TakeBack(Inside.desk(queue), frame, 1);

  JobBatchTest() {
    Delivery delivery = Delivery.over(frame, 1);
    delivery.addInPlace(0);
    batch.load(delivery);
  }

  private static byte[] frame() {
    FrameWriter writer = new FrameWriter();
    writer.ready("a".getBytes(StandardCharsets.UTF_8), new byte[0], 1_000);
    return writer.sealed(0, 1);
  }

  @AfterEach
  void close() {
    bobbin.close();
  }

  @Test
  void outcomeOfAJobThatHasGoneToOthersIsRefused() {
    Job<String> job = batch.job(0);
    batch.fates(0, back);
    assertThatThrownBy(job::ack)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in other hands");
    assertThatThrownBy(() -> job.retry("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in other hands");
    assertThat(back.finish(0, GivenUp.LEASE_LOST)).as("jobs that go to others").isEqualTo(1);
  }

  @Test
  void jobWithAnOutcomeDoesNotGoToOthers() {
    Job<String> job = batch.job(0);
    job.ack();
    batch.fates(0, back);
    assertThat(back.finish(0, GivenUp.LEASE_LOST)).as("jobs that go to others").isZero();
    assertThatThrownBy(job::ack)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already");
  }
}
