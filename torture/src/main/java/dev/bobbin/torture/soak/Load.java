package dev.bobbin.torture.soak;

import dev.bobbin.DeadLetterLimit;
import dev.bobbin.Deduplication;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The jobs of the soak: everything about one follows from the seed and its key, so the checker
 * knows bytes, headers and times without having been told.
 */
final class Load {
  /** One queue for each way of working: job by job, in batches and raw, by leases. */
  static final List<String> QUEUES = List.of("each", "batches", "leases");

  static final int RING_BYTES = 1 << 20;

  /** What a job takes up in the ring besides its payload, at least. */
  static final int FRAME_BYTES = 40;

  static final int MAX_PAYLOAD = 8 << 10;
  private static final int MAX_ATTEMPTS = 4;

  private static final List<Priority> PRIORITIES = List.of(Priority.values());

  private Load() {}

  /** The queue that keeps few dead letters, and discards the oldest. */
  static final int BOUNDED = 1;

  private static final int FEW_LETTERS = 5;

  /**
   * @param bounded whether {@link #BOUNDED} discards letters; how many is known only of a process
   *     that closes in order
   */
  static QueueOptions options(int queue, boolean bounded) {
    QueueOptions options = options();
    return bounded && queue == BOUNDED
        ? options.withDeadLetters(DeadLetterLimit.discardingOldest(FEW_LETTERS))
        : options;
  }

  private static QueueOptions options() {
    return QueueOptions.defaults()
        .withRingBytes(RING_BYTES)
        .withSegmentBytes(1 << 20)
        .withDeduplication(new Deduplication(Duration.ofSeconds(20), 5_000))
        .withRetry(
            RetryPolicy.exponential(Duration.ofMillis(20))
                .upTo(Duration.ofMillis(500))
                .attempts(MAX_ATTEMPTS));
  }

  static long key(int run, int queue, int number) {
    return (long) run << 40 | (long) queue << 32 | number;
  }

  static int run(long key) {
    return (int) (key >>> 40);
  }

  static int queue(long key) {
    return (int) (key >>> 32) & 0xFF;
  }

  static int number(long key) {
    return (int) key;
  }

  /** 8 to 263 bytes, and up to 8 KiB once in 64; the key comes first. */
  static byte[] payload(long seed, long key) {
    long state = mix(seed ^ key);
    int size = 8 + (int) (state & 255);
    if ((state >>> 8 & 63) == 0) {
      size = 8 + (int) ((state >>> 16) % (MAX_PAYLOAD - 8));
    }
    byte[] bytes = new byte[size];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(key);
    while (buffer.remaining() >= 8) {
      state = mix(state);
      buffer.putLong(state);
    }
    while (buffer.hasRemaining()) {
      buffer.put((byte) state);
    }
    return bytes;
  }

  static long keyOf(byte[] payload) {
    return payload.length < 8
        ? -1
        : ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** Seven jobs in ten are plain; the others carry one thing more. */
  static JobOptions jobOptions(long seed, long key) {
    long hash = mix(seed + 1 ^ key);
    int percent = percent(hash);
    if (percent < 8) {
      return JobOptions.delay(Duration.ofMillis(hash >>> 20 & 2047));
    }
    if (percent < 14) {
      return JobOptions.priority(PRIORITIES.get((int) (hash >>> 20 & 3)));
    }
    if (percent < 20) {
      return JobOptions.NONE.header("key", Long.toHexString(key)).header("empty", "");
    }
    if (percent < 24) {
      return JobOptions.key("key " + key);
    }
    if (percent < 26) {
      return JobOptions.NONE.expiringAfter(Duration.ofMillis(1500));
    }
    if (percent < 27) {
      return JobOptions.delay(Duration.ofMillis(50)).expiringAfter(Duration.ofDays(1));
    }
    return JobOptions.NONE;
  }

  /** Whether these are the headers that the job was submitted with. */
  static boolean isHeadersOf(Map<String, String> headers, long seed, long key) {
    return headers.equals(jobOptions(seed, key).headers());
  }

  /** Whether the job may become a dead letter because its time is over. */
  static boolean expires(long seed, long key) {
    Duration life = jobOptions(seed, key).timeToLive();
    return life != null && life.toSeconds() < 60;
  }

  /** What becomes of a delivery; one job in 3,000 never succeeds. */
  static Outcome outcome(long seed, long key, long random) {
    if (mix(seed + 2 ^ key) % 3000 == 0) {
      return Outcome.RETRY;
    }
    int percent = percent(random);
    if (percent < 4) {
      return Outcome.RETRY;
    }
    if (percent < 6) {
      return Outcome.SNOOZE;
    }
    return percent == 6 && (random & 3) == 0 ? Outcome.REJECT : Outcome.ACK;
  }

  private static int percent(long hash) {
    return (int) (hash >>> 40) % 100;
  }

  /** The finalizer of SplitMix64. */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
