package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.JobId;
import dev.bobbin.Priority;
import dev.bobbin.internal.ring.Extras;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.FrameWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private static final long POSITION = 64;
  private static final byte[] PAYLOAD = {1, 2, 3};

  private final long seed = Long.getLong("bobbin.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final FrameWriter writer = new FrameWriter();

  @Test
  void jobIsHandedOutAsItWasSent() {
    Envelope job =
        new Envelope(new JobId(7, 8), 3, Priority.HIGH, 4_000, 9_000_000, 0, "key", 0, "");
    Map<String, String> headers = Map.of("trace", "é", "empty", "");
    byte[] frame = frame(fetched(Records.of("jobs", 0, 1_000, job, headers, PAYLOAD)));
    assertThat(Frame.attempt(frame, 0)).isEqualTo(3);
    assertThat(Frame.priority(frame, 0)).isEqualTo(Priority.HIGH);
    assertThat(Frame.submittedSeconds(frame, 0)).isEqualTo(4);
    assertThat(Extras.expiryMillis(frame, 0)).isEqualTo(9_000_000);
    assertThat(Extras.key(frame, 0)).isEqualTo("key");
    assertThat(Extras.headers(frame, 0)).isEqualTo(headers);
    assertThat(Extras.identity(ByteBuffer.wrap(frame).order(java.nio.ByteOrder.LITTLE_ENDIAN), 0))
        .isEqualTo(new JobId(7, 8));
    assertThat(payload(frame)).isEqualTo(PAYLOAD);
  }

  @Test
  void recordOfAnotherProgramIsAJobWhoseIdIsItsPlace() {
    Headers headers = new RecordHeaders().add("type", utf8("order"));
    ConsumerRecord<byte[], byte[]> record = fetched(3, 42, PAYLOAD, headers);
    Envelope job = Records.envelope(record);
    assertThat(job.id().number()).isEqualTo(42);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.submittedMillis()).isEqualTo(1_000);
    assertThat(Records.envelope(record)).isEqualTo(job);
    assertThat(Records.envelope(fetched(2, 42, PAYLOAD, headers)).id()).isNotEqualTo(job.id());
    byte[] frame = frame(record);
    assertThat(Extras.headers(frame, 0)).isEqualTo(Map.of("type", "order"));
    assertThat(payload(frame)).isEqualTo(PAYLOAD);
  }

  @Test
  void recordWithoutAValueIsAJobWithoutBytes() {
    byte[] frame = frame(fetched(0, 0, null, new RecordHeaders()));
    assertThat(payload(frame)).isEmpty();
  }

  @Test
  void lastHeaderOfANameCountsAndOneWithoutAValueIsEmpty() {
    Headers headers =
        new RecordHeaders().add("a", utf8("1")).add("a", utf8("2")).add("b", (byte[]) null);
    assertThat(Records.headers(headers)).isEqualTo(Map.of("a", "2", "b", ""));
  }

  @Test
  void envelopeIsNotAmongTheUsersHeaders() {
    Envelope job = Envelope.of(new JobId(1, 2), Priority.URGENT, 3);
    ProducerRecord<byte[], byte[]> record =
        Records.of("jobs", null, 1_000, job, Map.of("a", "1"), PAYLOAD);
    assertThat(record.headers()).hasSize(2);
    assertThat(Records.headers(record.headers())).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void idAndTimeOfANewJobAreKeyAndTimeOfItsRecord() {
    Envelope job = Envelope.of(new JobId(1, -2), Priority.NORMAL, 1_000);
    ProducerRecord<byte[], byte[]> record = Records.of("jobs", null, 1_000, job, Map.of(), PAYLOAD);
    assertThat(record.headers()).isEmpty();
    assertThat(record.timestamp()).isEqualTo(1_000);
    assertThat(Records.envelope(fetched(record))).isEqualTo(job);
    ProducerRecord<byte[], byte[]> more =
        Records.of("jobs", null, 1_000, job, Map.of("a", "1"), PAYLOAD);
    assertThat(more.headers()).hasSize(1);
    assertThat(Records.envelope(fetched(more))).isEqualTo(job);
  }

  @Test
  void whateverElseThereIsToSayIsInTheEnvelope() {
    Envelope job = Envelope.of(new JobId(1, 2), Priority.NORMAL, 1_000);
    assertThat(job.isNew(1_000)).isTrue();
    assertThat(
            List.of(
                job.again(2, 0),
                job.again(1, 5),
                job.expiring(7),
                job.keyed("k"),
                job.dead(1, 9, "why"),
                Envelope.of(job.id(), Priority.LOW, 1_000),
                // As one that was moved, or a dead letter that is sent back.
                Envelope.of(job.id(), Priority.NORMAL, 999)))
        .allSatisfy(
            more -> {
              assertThat(more.isNew(1_000)).isFalse();
              ProducerRecord<byte[], byte[]> record =
                  Records.of("jobs", null, 1_000, more, Map.of(), PAYLOAD);
              assertThat(record.timestamp()).isEqualTo(1_000);
              assertThat(Records.envelope(fetched(record))).isEqualTo(more);
              assertThat(Records.id(record.key())).isEqualTo(more.id());
            });
  }

  /** Brokers may refuse old times, so a copy's is its own. */
  @Test
  void copyOfARecordWithoutAnEnvelopeSaysIdAndTime() {
    for (byte[] key : new byte[][] {null, {1}, Records.key(new JobId(1, 2))}) {
      ConsumerRecord<byte[], byte[]> source = fetched(3, 42, key, PAYLOAD, new RecordHeaders());
      ProducerRecord<byte[], byte[]> copy = Records.copy(source, "jobs", null);
      assertThat(copy.timestamp()).isNull();
      assertThat(Records.envelope(fetched(copy))).isEqualTo(Records.envelope(source));
      ProducerRecord<byte[], byte[]> again = Records.copy(fetched(copy), "jobs", null);
      assertThat(Records.envelope(fetched(again))).isEqualTo(Records.envelope(source));
    }
  }

  /** A delayed job's wait for a worker begins when it is moved on. */
  @Test
  void copyOfAJobWithAnEnvelopeHasATimeOfItsOwn() {
    Envelope job = Envelope.of(new JobId(1, 2), Priority.NORMAL, 3).again(1, 99);
    ConsumerRecord<byte[], byte[]> source =
        fetched(Records.of("delayed", 4, 1_000, job, Map.of(), PAYLOAD));
    ProducerRecord<byte[], byte[]> copy = Records.copy(source, "jobs", null);
    assertThat(copy.timestamp()).isNull();
    assertThat(copy.key()).isEqualTo(source.key());
    assertThat(Records.envelope(fetched(copy))).isEqualTo(job);
  }

  @Test
  void copyHasOneEnvelopeAndTheSameHeadersInTheirOrder() {
    Envelope job = Envelope.of(new JobId(1, 2), Priority.NORMAL, 3);
    Headers headers = new RecordHeaders().add("z", utf8("1")).add("bobbin", job.bytes());
    headers.add("a", new byte[] {(byte) 0xFF});
    ConsumerRecord<byte[], byte[]> source = fetched(0, 0, PAYLOAD, headers);
    ProducerRecord<byte[], byte[]> copy = Records.copy(source, "delayed", 4, job.again(2, 99));
    assertThat(copy.headers().headers("bobbin")).hasSize(1);
    assertThat(Envelope.parse(copy.headers().lastHeader("bobbin").value()))
        .isEqualTo(job.again(2, 99));
    assertThat(copy.headers().toArray()).extracting(Header::key).startsWith("z", "a");
    assertThat(copy.headers().lastHeader("a").value()).containsExactly(0xFF);
    assertThat(copy.partition()).isEqualTo(4);
    assertThat(source.headers().lastHeader("bobbin").value()).isEqualTo(job.bytes());
  }

  @Test
  void unreadableEnvelopesAreRefused() {
    for (byte[] envelope : new byte[][] {null, {}, {1}, {9, 9, 9}}) {
      ConsumerRecord<byte[], byte[]> record =
          fetched(0, 0, PAYLOAD, new RecordHeaders().add("bobbin", envelope));
      assertThatThrownBy(() -> Records.frame(record, writer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("header bobbin");
      assertThat(Records.plain(record).id().number()).isZero();
    }
  }

  @Test
  void moreHeadersThanAJobHasAreRefused() {
    RecordHeaders many = new RecordHeaders();
    for (int i = 0; i < 33; i++) {
      many.add("h" + i, utf8("v"));
    }
    RecordHeaders large = new RecordHeaders();
    large.add("h", new byte[5_000]);
    for (RecordHeaders headers : new RecordHeaders[] {many, large}) {
      assertThatThrownBy(() -> Records.frame(fetched(0, 0, PAYLOAD, headers), writer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("JobOptions.headers");
    }
  }

  /** Whatever another program wrote: one record must not hold up those behind it. */
  @Test
  void arbitraryRecordsAreFramedWithinTheirRoomOrRefused() {
    int framed = 0;
    for (int i = 0; i < 20_000; i++) {
      ConsumerRecord<byte[], byte[]> record = any();
      try {
        Records.frame(record, writer);
        framed++;
        assertThat((long) writer.alignedLength())
            .as("seed %d", seed)
            .isLessThanOrEqualTo(Records.frameBytesAtMost(record));
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageMatching("(?s).+");
      }
    }
    assertThat(framed).as("seed %d", seed).isGreaterThan(1_000);
  }

  @Test
  void keyOfAnotherProgramIsNoId() {
    JobId id = new JobId(random.nextLong(), random.nextLong());
    byte[] key = Records.key(id);
    assertThat(Records.id(key)).as("seed %d", seed).isEqualTo(id);
    for (int i = 0; i < 4; i++) {
      byte[] other = key.clone();
      other[i]++;
      assertThat(Records.id(other)).isNull();
    }
    assertThat(Records.id(null)).isNull();
    assertThat(Records.id(new byte[0])).isNull();
    assertThat(Records.id(Arrays.copyOf(key, key.length + 1))).isNull();
    assertThat(Records.id(Arrays.copyOf(key, key.length - 1))).isNull();
  }

  private ConsumerRecord<byte[], byte[]> any() {
    RecordHeaders headers = new RecordHeaders();
    for (int i = random.nextInt(5); i > 0; i--) {
      headers.add(new String(bytes(8), StandardCharsets.UTF_8), bytes(60));
    }
    if (random.nextBoolean()) {
      byte[] envelope = bytes(80);
      if (envelope != null && envelope.length > 0) {
        envelope[0] = 1;
      }
      headers.add("bobbin", envelope);
    }
    byte[] payload = random.nextInt(10) == 0 ? null : bytes(300);
    return fetched(random.nextInt(10), random.nextLong() >>> 1, payload, headers);
  }

  private byte[] bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] frame(ConsumerRecord<byte[], byte[]> record) {
    Records.frame(record, writer);
    return writer.placed(POSITION);
  }

  private static byte[] payload(byte[] frame) {
    int from = Frame.payloadOffset(frame, 0);
    return Arrays.copyOfRange(frame, from, from + Frame.payloadLength(frame, 0));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> fetched(ProducerRecord<byte[], byte[]> sent) {
    return fetched(0, 0, sent.key(), sent.value(), sent.headers());
  }

  private static ConsumerRecord<byte[], byte[]> fetched(
      int partition, long offset, byte @Nullable [] value, Headers headers) {
    return fetched(partition, offset, null, value, headers);
  }

  private static ConsumerRecord<byte[], byte[]> fetched(
      int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    return new ConsumerRecord<>(
        "jobs",
        partition,
        offset,
        1_000,
        TimestampType.CREATE_TIME,
        key == null ? -1 : key.length,
        value == null ? -1 : value.length,
        key,
        value,
        headers,
        Optional.empty());
  }
}
