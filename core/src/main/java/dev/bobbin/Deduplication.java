package dev.bobbin;

import java.time.Duration;

/**
 * How long a job's key ({@link JobOptions#key}) keeps a second job with the same key out. Both
 * bounds hold: a key is forgotten when it is older than the window, or when too many newer ones
 * have come. After a restart the keys of unfinished jobs are known, those of finished jobs are not.
 * A value.
 *
 * @param window how long a key is remembered, 1 ms to 3,650 days, 5 minutes by default
 * @param keys most keys remembered, 1 to 10,000,000, 100,000 by default; each takes up about 100
 *     bytes of memory and its text
 */
public record Deduplication(Duration window, int keys) {
  /** 5 minutes, 100,000 keys. */
  public static final Deduplication DEFAULT = new Deduplication(Duration.ofMinutes(5), 100_000);

  public Deduplication {
    Check.range("Deduplication.window", window, Duration.ofMillis(1), RetryPolicy.LONGEST);
    Check.range("Deduplication.keys", keys, 1, 10_000_000);
  }
}
