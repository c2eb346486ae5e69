package dev.bobbin.torture.full;

import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The jobs of a case: all that there is to one follows from the seed and its number. */
final class FullJobs {
  static final int ATTEMPTS = 4;

  /** What becomes of a delivery. */
  enum Outcome {
    ACK,
    RETRY,
    SNOOZE,
    REJECT
  }

  private FullJobs() {}

  static QueueOptions options() {
    return QueueOptions.defaults()
        .withRingBytes(256 << 10)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(5))
        .withSubmitTimeout(Duration.ofMinutes(2))
        .withRetry(
            RetryPolicy.exponential(Duration.ofMillis(1))
                .upTo(Duration.ofMillis(10))
                .attempts(ATTEMPTS)
                .crashes(15));
  }

  private static SplittableRandom random(long seed, int job, int of) {
    return new SplittableRandom(seed * 31 + job * 0x9E3779B97F4A7C15L + of);
  }

  static byte[] payload(long seed, int job) {
    SplittableRandom random = random(seed, job, 0);
    byte[] bytes = new byte[4 + random.nextInt(random.nextInt(4) == 0 ? 4000 : 400)];
    random.nextBytes(bytes);
    ByteBuffer.wrap(bytes).putInt(0, job);
    return bytes;
  }

  /** Which job these bytes are, or -1 if they are none. */
  static int number(long seed, byte[] payload) {
    if (payload.length < 4) {
      return -1;
    }
    int job = ByteBuffer.wrap(payload).getInt();
    boolean same = job >= 0 && job < Ledger.JOBS && Arrays.equals(payload, payload(seed, job));
    return same ? job : -1;
  }

  /** One job in sixteen comes late; one of these so late that it lies there for the whole case. */
  static Duration delay(long seed, int job) {
    SplittableRandom random = random(seed, job, 1);
    int dice = random.nextInt(128);
    return dice == 0
        ? Duration.ofMinutes(30)
        : dice < 8 ? Duration.ofMillis(random.nextInt(100)) : Duration.ZERO;
  }

  static Outcome outcome(long seed, int job, int attempt) {
    int dice = random(seed, job, 100 + attempt).nextInt(100);
    return dice < 60
        ? Outcome.ACK
        : dice < 85 ? Outcome.RETRY : dice < 92 ? Outcome.SNOOZE : Outcome.REJECT;
  }
}
