package dev.bobbin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * The jobs of {@link KillTest}: everything about one follows from the seed and its key, so that the
 * oracle knows the bytes without having been told.
 */
final class KillJobs {
  static final int ACK = 1;
  static final int RETRY = 2;
  static final int SNOOZE = 3;
  static final int REJECT = 4;

  static final int MAX_PAYLOAD = 4096;
  static final RetryPolicy RETRIES =
      RetryPolicy.exponential(Duration.ofMillis(2)).upTo(Duration.ofMillis(20)).attempts(4);

  private KillJobs() {}

  static QueueOptions options(long flushMillis) {
    return QueueOptions.defaults()
        .withRingBytes(256 << 10)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(flushMillis))
        .withRetry(RETRIES);
  }

  static long key(int run, int producer, int number) {
    return (long) run << 36 | (long) producer << 32 | number;
  }

  static int run(long key) {
    return (int) (key >>> 36);
  }

  static int producer(long key) {
    return (int) (key >>> 32) & 0xF;
  }

  static int number(long key) {
    return (int) key;
  }

  static byte[] payload(long seed, long key) {
    long state = mix(seed ^ key);
    int size = 8 + (int) (state & 255);
    if ((state >>> 8 & 127) == 0) {
      size = 8 + (int) (state >>> 16 & 4095);
    }
    size = Math.min(size, MAX_PAYLOAD);
    byte[] bytes = new byte[(size + 7) & -8];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(key);
    while (buffer.hasRemaining()) {
      state = mix(state);
      buffer.putLong(state);
    }
    return java.util.Arrays.copyOf(bytes, size);
  }

  static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** 0 for a job without a delay. */
  static int delayMillis(long seed, long key) {
    long hash = mix(seed + 1 ^ key);
    return (hash & 63) == 0 ? (int) (hash >>> 8 & 63) * 50 / 63 : 0;
  }

  /** What the handler does with a delivery; one job in a thousand never succeeds. */
  static int outcome(long seed, long key, int attempt, int salt, boolean raw) {
    if (mix(seed + 2 ^ key) % 1000 == 0) {
      return RETRY;
    }
    long hash = mix(mix(seed + 3 ^ key) + attempt + ((long) salt << 32));
    int percentile = (int) (hash >>> 40) % 10_000;
    if (percentile < 500) {
      return RETRY;
    }
    if (raw) {
      return ACK;
    }
    return percentile < 700 ? SNOOZE : percentile < 705 ? REJECT : ACK;
  }

  static String reason(long key) {
    return "job " + Long.toHexString(key);
  }

  /** The finalizer of SplitMix64. */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
