package dev.bobbin.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes Kafka clients with the settings that the queues rest on, and the user's. */
final class Clients {
  private static final int FETCH_WAIT_MILLIS = 100;
  private static final int BULK_JOBS = 4_096;

  /** A job that was accepted is sent until the broker has it or the process ends. */
  private static final String NEVER_MILLIS = Integer.toString(Integer.MAX_VALUE);

  private final KafkaOptions options;

  Clients(KafkaOptions options) {
    this.options = options;
  }

  private Map<String, Object> settings(Map<String, String> own) {
    Map<String, Object> all = new HashMap<>(own);
    // Of those that both name, some are a promise and some are a choice.
    options
        .client()
        .forEach(
            (name, value) -> all.merge(name, value, (ours, users) -> isOurs(name) ? ours : users));
    return all;
  }

  private static boolean isOurs(String setting) {
    return switch (setting) {
      case "acks",
          "enable.idempotence",
          "group.id",
          "enable.auto.commit",
          "auto.offset.reset",
          "share.acknowledgement.mode",
          "share.acquire.mode",
          "max.poll.interval.ms",
          "delivery.timeout.ms" ->
          true;
      default -> false;
    };
  }

  private String timeoutMillis() {
    return Long.toString(options.timeout().toMillis());
  }

  /**
   * Makes what is else made when there is work, and lets it go: what is wrong with its settings is
   * told at once, and not where nobody sees it.
   *
   * @throws org.apache.kafka.common.KafkaException if a client does not take its settings
   */
  void check() {
    producer().close(Duration.ZERO);
    shareConsumer("check", false).close(Duration.ZERO);
    relayConsumer("check").close(CloseOptions.timeout(Duration.ZERO));
  }

  Admin admin() {
    return Admin.create(
        settings(
            Map.of(
                "default.api.timeout.ms", timeoutMillis(), "request.timeout.ms", timeoutMillis())));
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        settings(
            Map.of(
                "acks",
                "all",
                "enable.idempotence",
                "true",
                "delivery.timeout.ms",
                NEVER_MILLIS,
                "max.block.ms",
                timeoutMillis(),
                "metadata.max.idle.ms",
                NEVER_MILLIS,
                "max.request.size",
                Integer.toString(Integer.MAX_VALUE),
                // A key is a job's id, and any partition will do.
                "partitioner.ignore.keys",
                "true",
                "batch.size",
                Integer.toString(256 << 10),
                "linger.ms",
                "5",
                "buffer.memory",
                Long.toString(Publisher.BUFFER_BYTES))),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** With {@code bulk} a fetch brings whole batches; without, never more than was asked for. */
  KafkaShareConsumer<byte[], byte[]> shareConsumer(String group, boolean bulk) {
    return new KafkaShareConsumer<>(
        settings(
            Map.of(
                "group.id",
                group,
                "share.acknowledgement.mode",
                "explicit",
                "share.acquire.mode",
                bulk ? "batch_optimized" : "record_limit",
                "max.poll.records",
                Integer.toString(bulk ? BULK_JOBS : options.prefetch()),
                "max.poll.interval.ms",
                NEVER_MILLIS,
                "fetch.max.wait.ms",
                Integer.toString(FETCH_WAIT_MILLIS))),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  KafkaConsumer<byte[], byte[]> relayConsumer(String group) {
    return new KafkaConsumer<>(
        settings(
            Map.of(
                "group.id",
                group,
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest",
                "max.poll.interval.ms",
                NEVER_MILLIS,
                "fetch.max.wait.ms",
                Integer.toString(FETCH_WAIT_MILLIS))),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** For topics that are read without a group. */
  KafkaConsumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(
        settings(
            Map.of(
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "default.api.timeout.ms", timeoutMillis())),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  Duration timeout() {
    return options.timeout();
  }
}
