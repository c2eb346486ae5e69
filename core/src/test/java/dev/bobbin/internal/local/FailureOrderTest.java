package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.QueueOptions;
import dev.bobbin.SubmitResult;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class FailureOrderTest {
  /** Invariant 7, for a thread that is stopped in the midst of saying that the queue has failed. */
  @Test
  void failureIsNotSeenWhileJobsAreAccepted() throws Exception {
    Bobbin bobbin = Bobbin.inMemory();
    JobQueue<String> queue =
        bobbin.queue("q", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));
    queue.submit("job");
    Thread failing = new Thread(() -> Inside.fail(queue, new IOException("broken")));
    Inside.holdingProducers(
        queue,
        () -> {
          failing.start();
          while (failing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          assertThat(queue.trySubmit("job").accepted()).isTrue();
          assertThat(((LocalQueue<?>) queue).core.failure()).isNull();
        });
    failing.join();
    assertThat(queue.status().failure()).isPresent();
    assertThat(queue.trySubmit("job")).isInstanceOf(SubmitResult.Refused.class);
    assertThatThrownBy(bobbin::close).hasMessageContaining("broken");
  }
}
