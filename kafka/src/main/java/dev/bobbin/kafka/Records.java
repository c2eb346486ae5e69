package dev.bobbin.kafka;

import dev.bobbin.JobId;
import dev.bobbin.JobOptions;
import dev.bobbin.Priority;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as Kafka's records, and back. The payload is the record's value, the headers are its
 * headers, so that other programs can read and write them; what else there is to a job is in its
 * {@link Envelope}. A record without one was written by another program: its id follows from its
 * place.
 */
final class Records {
  private Records() {}

  /** A record for {@code topic}; the partition is the producer's choice if it is null. */
  static ProducerRecord<byte[], byte[]> of(
      String topic,
      @Nullable Integer partition,
      byte @Nullable [] key,
      Envelope envelope,
      Map<String, String> headers,
      byte[] payload) {
    RecordHeaders all = new RecordHeaders();
    all.add(Envelope.HEADER, envelope.bytes());
    headers.forEach((name, value) -> all.add(name, value.getBytes(StandardCharsets.UTF_8)));
    return new ProducerRecord<>(topic, partition, null, key, payload, all);
  }

  /** The job in {@code source} under another envelope, its headers and payload as they are. */
  static ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> source,
      String topic,
      @Nullable Integer partition,
      byte @Nullable [] key,
      Envelope envelope) {
    RecordHeaders all = new RecordHeaders(source.headers());
    all.remove(Envelope.HEADER);
    all.add(Envelope.HEADER, envelope.bytes());
    return new ProducerRecord<>(topic, partition, null, key, payload(source), all);
  }

  /** The job in {@code source} as it is. */
  static ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> source, String topic, @Nullable Integer partition) {
    return new ProducerRecord<>(
        topic, partition, null, null, payload(source), new RecordHeaders(source.headers()));
  }

  /** A record without a value is a job without bytes. */
  static byte[] payload(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    return value == null ? new byte[0] : value;
  }

  /**
   * What the record says of its job.
   *
   * @throws IllegalArgumentException if its envelope cannot be read
   */
  static Envelope envelope(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(Envelope.HEADER);
    return header == null ? foreign(record) : Envelope.parse(header.value());
  }

  /** As {@link #envelope}, of another program if it cannot be read. */
  static Envelope envelopeOrForeign(ConsumerRecord<byte[], byte[]> record) {
    try {
      return envelope(record);
    } catch (IllegalArgumentException e) {
      return foreign(record);
    }
  }

  /** What is said of a record of another program, or of one whose envelope cannot be read. */
  static Envelope foreign(ConsumerRecord<byte[], byte[]> record) {
    long origin = record.topic().hashCode() * 0x9E3779B97F4A7C15L + record.partition();
    return Envelope.of(
        new JobId(origin, record.offset()), Priority.NORMAL, Math.max(0, record.timestamp()));
  }

  /** The user's headers; the last one of a name. */
  static Map<String, String> headers(Headers from) {
    Map<String, String> headers = Map.of();
    for (Header header : from) {
      if (!header.key().equals(Envelope.HEADER)) {
        headers = headers.isEmpty() ? new LinkedHashMap<>() : headers;
        byte[] value = header.value();
        headers.put(header.key(), value == null ? "" : new String(value, StandardCharsets.UTF_8));
      }
    }
    return headers;
  }

  /**
   * Builds the frame of a record that is to be handed out.
   *
   * @throws IllegalArgumentException if it cannot be read, or its headers are more than a job has
   */
  static void frame(ConsumerRecord<byte[], byte[]> record, FrameWriter writer) {
    Envelope job = envelope(record);
    Map<String, String> headers = headers(record.headers());
    JobOptions options =
        headers.isEmpty() && job.key() == null
            ? JobOptions.NONE
            : new JobOptions(Duration.ZERO, Priority.NORMAL, headers, job.key(), null);
    byte[] extras = Extras.of(options, job.expiryMillis(), job.id());
    writer.arrived(
        Frame.READY,
        job.priority(),
        payload(record),
        extras,
        job.attempt(),
        job.submittedMillis(),
        Math.max(0, record.timestamp()));
  }

  /** What its frame takes up, at most: texts that are none may become three times as long. */
  static long frameBytesAtMost(ConsumerRecord<byte[], byte[]> record) {
    long bytes = 128L + Math.max(0, record.serializedValueSize());
    for (Header header : record.headers()) {
      byte[] value = header.value();
      bytes += 16 + 3L * (header.key().length() + (value == null ? 0 : value.length));
    }
    return (bytes + Long.BYTES - 1) & -Long.BYTES;
  }

  /** The key under which a dead letter lies. */
  static byte[] key(JobId id) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(id.origin()).putLong(id.number()).array();
  }

  static JobId id(byte[] key) {
    ByteBuffer from = ByteBuffer.wrap(key);
    return new JobId(from.getLong(), from.getLong());
  }
}
