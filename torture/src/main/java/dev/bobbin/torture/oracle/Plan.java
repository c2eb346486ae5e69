package dev.bobbin.torture.oracle;

import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What each job is: everything about one follows from the seed and its key, so that the oracle
 * knows the bytes without having been told.
 */
public final class Plan {
  public static final int MAX_PAYLOAD = 4096;

  public static final RetryPolicy RETRIES =
      RetryPolicy.exponential(Duration.ofMillis(2))
          .upTo(Duration.ofMillis(20))
          .attempts(4)
          .crashes(15);

  private static final String HEADER = "key";

  private final long seed;

  public Plan(long seed) {
    this.seed = seed;
  }

  /** What a handler does with a job. The log has their ordinals. */
  public enum Outcome {
    ACK,
    RETRY,
    SNOOZE,
    REJECT;

    private static final Outcome[] ALL = values();

    static Outcome of(int ordinal) {
      return ALL[ordinal];
    }
  }

  /** A queue in which things happen fast: the smallest ring, the smallest segments. */
  public static QueueOptions queueOptions(long flushMillis) {
    return QueueOptions.defaults()
        .withRingBytes(256 << 10)
        .withSegmentBytes(1 << 20)
        .withFlushInterval(Duration.ofMillis(flushMillis))
        .withRetry(RETRIES);
  }

  public static long key(int run, int producer, int number) {
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

  /** The key with which a payload begins; -1 for one that is none of these. */
  public static long key(byte[] payload, int length) {
    return length < Long.BYTES
        ? -1
        : ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  static String name(long key) {
    return "job " + number(key) + " of producer " + producer(key) + " of run " + run(key);
  }

  public byte[] payload(long key) {
    long state = mix(seed ^ key);
    int size = 8 + (int) (state & 255);
    if ((state >>> 8 & 127) == 0) {
      size = 8 + (int) (state >>> 16 & 4095);
    }
    size = Math.min(size, MAX_PAYLOAD - 512);
    byte[] bytes = new byte[(size + 7) & -8];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(key);
    while (buffer.hasRemaining()) {
      state = mix(state);
      buffer.putLong(state);
    }
    return Arrays.copyOf(bytes, size);
  }

  /** 0 for a job without a delay. */
  public int delayMillis(long key) {
    long hash = mix(seed + 1 ^ key);
    return (hash & 63) == 0 ? (int) (hash >>> 8 & 63) * 50 / 63 : 0;
  }

  /** What the job carries; {@link JobOptions#NONE} for most. */
  public JobOptions options(long key) {
    int delay = delayMillis(key);
    JobOptions options = delay == 0 ? JobOptions.NONE : JobOptions.delay(Duration.ofMillis(delay));
    long hash = mix(seed + 4 ^ key);
    if ((hash & 63) == 0) {
      options = options.header(HEADER, header(key));
    }
    if (isKeyed(key)) {
      options = options.keyed(header(key));
    }
    return options.prioritized(priority(key));
  }

  public boolean isKeyed(long key) {
    return (mix(seed + 4 ^ key) >>> 8 & 127) == 0;
  }

  private Priority priority(long key) {
    int dice = (int) (mix(seed + 4 ^ key) >>> 16 & 255);
    return dice == 0
        ? Priority.URGENT
        : dice == 1 ? Priority.HIGH : dice == 2 ? Priority.LOW : Priority.NORMAL;
  }

  private static String header(long key) {
    return Long.toHexString(key);
  }

  /** Stands for all that a delivery shows of a job. */
  public static int print(
      byte[] payload, int length, Map<String, String> headers, Priority priority) {
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, length);
    if (!headers.isEmpty()) {
      crc.update(headers.toString().getBytes(StandardCharsets.UTF_8));
    }
    crc.update(priority.name().getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** What {@link #print(byte[], int, Map, Priority)} must say of this job. */
  int print(long key, byte[] payload) {
    JobOptions options = options(key);
    return print(payload, payload.length, options.headers(), options.priority());
  }

  /** What the handler does with a delivery; one job in a thousand never succeeds. */
  public Outcome outcome(long key, int attempt, int salt, boolean raw) {
    if (mix(seed + 2 ^ key) % 1000 == 0) {
      return Outcome.RETRY;
    }
    long hash = mix(mix(seed + 3 ^ key) + attempt + ((long) salt << 32));
    int percentile = (int) (hash >>> 40) % 10_000;
    if (percentile < 500) {
      return Outcome.RETRY;
    }
    if (raw) {
      return Outcome.ACK;
    }
    return percentile < 700 ? Outcome.SNOOZE : percentile < 705 ? Outcome.REJECT : Outcome.ACK;
  }

  /** What a handler says when it fails or rejects the job. */
  public static String reason(long key) {
    return "job " + Long.toHexString(key);
  }

  /** What a handler says that fails with its whole batch. */
  public static final String BATCH_REASON = "job batch";

  /** The finalizer of SplitMix64. */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
