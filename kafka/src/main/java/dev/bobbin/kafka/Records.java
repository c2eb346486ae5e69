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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as Kafka's records, and back. The payload is the record's value, the headers are its
 * headers, so that other programs can read and write them; what else there is to a job is in its
 * {@link Envelope}. The key is the job's id; a new job of which there is no more to say has no
 * envelope, for a header costs a fifth of all that a job takes. A record with neither was written
 * by another program: its id follows from its place.
 */
final class Records {
  /** What a key that is a job's id begins with. */
  private static final int KEY_MAGIC = 0xB0BB1D01;

  private static final int KEY_BYTES = Integer.BYTES + 2 * Long.BYTES;

  private Records() {}

  /** A record for {@code topic}; the partition is the producer's choice if it is null. */
  static ProducerRecord<byte[], byte[]> of(
      String topic,
      @Nullable Integer partition,
      long nowMillis,
      Envelope envelope,
      Map<String, String> headers,
      byte[] payload) {
    List<Header> all = headers.isEmpty() ? List.of() : new ArrayList<>();
    headers.forEach(
        (name, value) -> all.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8))));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, nowMillis, key(envelope.id()), payload, all);
    if (!envelope.isNew(nowMillis)) {
      record.headers().add(Envelope.HEADER, envelope.bytes());
    }
    return record;
  }

  /** The job in {@code source} under another envelope, its headers and payload as they are. */
  static ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> source,
      String topic,
      @Nullable Integer partition,
      Envelope envelope) {
    RecordHeaders all = new RecordHeaders(source.headers());
    all.remove(Envelope.HEADER);
    all.add(Envelope.HEADER, envelope.bytes());
    return new ProducerRecord<>(topic, partition, null, key(envelope.id()), payload(source), all);
  }

  /**
   * The job in {@code source} as it is. What it does not say itself would follow from another place
   * and time, and brokers may be set to take no old times: then the copy says it.
   */
  static ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> source, String topic, @Nullable Integer partition) {
    RecordHeaders all = new RecordHeaders(source.headers());
    return all.lastHeader(Envelope.HEADER) == null
        ? copy(source, topic, partition, plain(source))
        : new ProducerRecord<>(topic, partition, null, source.key(), payload(source), all);
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
    return header == null ? plain(record) : Envelope.parse(header.value());
  }

  /** As {@link #envelope}; what cannot be read is as if it were not there. */
  static Envelope envelopeOrPlain(ConsumerRecord<byte[], byte[]> record) {
    try {
      return envelope(record);
    } catch (IllegalArgumentException e) {
      return plain(record);
    }
  }

  /** What is to be said of a record that says nothing, or nothing that can be read. */
  static Envelope plain(ConsumerRecord<byte[], byte[]> record) {
    JobId id = id(record.key());
    return Envelope.of(
        id == null ? place(record) : id, Priority.NORMAL, Math.max(0, record.timestamp()));
  }

  /** The id of a job that another program wrote. */
  private static JobId place(ConsumerRecord<byte[], byte[]> record) {
    long origin = record.topic().hashCode() * 0x9E3779B97F4A7C15L + record.partition();
    return new JobId(origin, record.offset());
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

  /** A job's id as the key of its record. */
  static byte[] key(JobId id) {
    return ByteBuffer.allocate(KEY_BYTES)
        .putInt(KEY_MAGIC)
        .putLong(id.origin())
        .putLong(id.number())
        .array();
  }

  /** The id in a key; null if it is not of {@link #key}. */
  static @Nullable JobId id(byte @Nullable [] key) {
    if (key == null || key.length != KEY_BYTES) {
      return null;
    }
    ByteBuffer from = ByteBuffer.wrap(key);
    return from.getInt() == KEY_MAGIC ? new JobId(from.getLong(), from.getLong()) : null;
  }
}
