package dev.bobbin.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How queues are kept on Kafka. A value: {@code KafkaOptions.of("broker:9092").withPartitions(12)}.
 *
 * @param client settings of every Kafka client that is made, {@code bootstrap.servers} among them:
 *     where the brokers are, and how to speak with them ({@code security.protocol} and the like).
 *     What the queues themselves rest on (acknowledgements, group, serializers) cannot be set
 * @param prefix begins the names of all topics and groups, {@code bobbin} by default: environments
 *     with prefixes of their own share a cluster
 * @param partitions of a queue's topic when it is created, 1 to 1,000, 4 by default; more spread
 *     the work over more brokers
 * @param replicas of each partition when it is created, 1 to 10, by default what the brokers'
 *     {@code default.replication.factor} says, for which it is -1
 * @param lock how long the broker keeps a job that was handed out for this process, without hearing
 *     from it, before others get it; 1 s to 1 h and within the broker's bounds, which are 15 s and
 *     60 s if nobody has changed them; 30 s by default. It is renewed while a job is in hand, so
 *     handlers may take longer
 * @param prefetch jobs that one fetch brings at most, 1 to 4,096, 500 by default: what one process
 *     has in its hands that others could work on
 * @param timeout how long to wait for an answer of the brokers before a call fails, 1 s to 10 min,
 *     30 s by default
 */
public record KafkaOptions(
    Map<String, String> client,
    String prefix,
    int partitions,
    int replicas,
    Duration lock,
    int prefetch,
    Duration timeout) {
  static final String SERVERS = "bootstrap.servers";

  public KafkaOptions {
    client = Map.copyOf(client);
    if (client.getOrDefault(SERVERS, "").isBlank()) {
      throw new IllegalArgumentException(
          "KafkaOptions.client needs " + SERVERS + ", as in localhost:9092");
    }
    if (!prefix.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "KafkaOptions.prefix must match [a-z0-9][a-z0-9._-]{0,63}, found: " + prefix);
    }
    check("partitions", partitions, 1, 1_000);
    if (replicas != -1) {
      check("replicas", replicas, 1, 10);
    }
    check("lock", lock, Duration.ofSeconds(1), Duration.ofHours(1));
    check("prefetch", prefetch, 1, 4_096);
    check("timeout", timeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
  }

  /**
   * The defaults, with the brokers at {@code servers}: {@code host:port}, or several with commas.
   */
  public static KafkaOptions of(String servers) {
    return new KafkaOptions(
        Map.of(SERVERS, servers),
        "bobbin",
        4,
        -1,
        Duration.ofSeconds(30),
        500,
        Duration.ofSeconds(30));
  }

  /**
   * Options as one line of a configuration file or of a command, such as {@code
   * kafka://broker1:9092,broker2:9092?prefix=mail&lock=60s}: brokers, each with its port, then what
   * differs from the defaults. Parameters are {@code prefix}, {@code partitions}, {@code replicas},
   * {@code lock}, {@code prefetch} and {@code timeout}, with durations as in {@code 500ms}, {@code
   * 60s}, {@code 5m} or {@code 1h}; one with a dot in its name, as {@code security.protocol}, is a
   * setting of the Kafka clients. In a value {@code %26} stands for {@code &}, and so on.
   *
   * @throws IllegalArgumentException if it is anything else, with what was expected. The message
   *     has no value of a client's setting, which may be a secret
   */
  public static KafkaOptions parse(String uri) {
    return KafkaUri.parse(uri);
  }

  /** One more setting of the Kafka clients. */
  public KafkaOptions withClient(String setting, String value) {
    Map<String, String> more = new TreeMap<>(client);
    more.put(setting, value);
    return new KafkaOptions(more, prefix, partitions, replicas, lock, prefetch, timeout);
  }

  /** Another prefix. */
  public KafkaOptions withPrefix(String newPrefix) {
    return new KafkaOptions(client, newPrefix, partitions, replicas, lock, prefetch, timeout);
  }

  /** Another number of partitions for queues that are created. */
  public KafkaOptions withPartitions(int newPartitions) {
    return new KafkaOptions(client, prefix, newPartitions, replicas, lock, prefetch, timeout);
  }

  /** Another number of replicas for queues that are created. */
  public KafkaOptions withReplicas(int newReplicas) {
    return new KafkaOptions(client, prefix, partitions, newReplicas, lock, prefetch, timeout);
  }

  /** Another time for which the broker keeps a job for this process. */
  public KafkaOptions withLock(Duration newLock) {
    return new KafkaOptions(client, prefix, partitions, replicas, newLock, prefetch, timeout);
  }

  /** Another bound on what one fetch brings. */
  public KafkaOptions withPrefetch(int newPrefetch) {
    return new KafkaOptions(client, prefix, partitions, replicas, lock, newPrefetch, timeout);
  }

  /** Another patience with the brokers. */
  public KafkaOptions withTimeout(Duration newTimeout) {
    return new KafkaOptions(client, prefix, partitions, replicas, lock, prefetch, newTimeout);
  }

  /** The names of the clients' settings only: some of the values are secrets. */
  @Override
  public String toString() {
    return "KafkaOptions[servers="
        + client.get(SERVERS)
        + ", client="
        + new TreeSet<>(client.keySet())
        + ", prefix="
        + prefix
        + ", partitions="
        + partitions
        + ", replicas="
        + replicas
        + ", lock="
        + lock
        + ", prefetch="
        + prefetch
        + ", timeout="
        + timeout
        + "]";
  }

  private static void check(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "KafkaOptions." + option + " must be from " + min + " to " + max + ", found " + value);
    }
  }

  private static void check(String option, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "KafkaOptions." + option + " must be from " + min + " to " + max + ", found " + value);
    }
  }
}
