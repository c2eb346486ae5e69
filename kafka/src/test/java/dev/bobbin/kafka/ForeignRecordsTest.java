package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobId;
import dev.bobbin.JobQueue;
import dev.bobbin.WorkOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other programs write into a queue's topics. */
class ForeignRecordsTest {
  private final KafkaOptions options = SharedBroker.options();
  private final Topics topics = new Topics(options.prefix(), "mail");
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private Bobbin bobbin;
  private JobQueue<String> mail;
  private KafkaProducer<byte[], byte[]> other;

  private record Seen(JobId id, String payload, Map<String, String> headers, int attempt) {}

  @BeforeEach
  void connect() {
    bobbin = KafkaBobbin.connect(options);
    mail = bobbin.queue("mail", Codec.text());
    other =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", SharedBroker.broker().servers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void close() {
    other.close();
    bobbin.close();
  }

  @Test
  void recordWithoutEnvelopeIsDeliveredWithAnIdAndItsHeaders() throws Exception {
    work();
    write(topics.jobs(), "one", "type", utf8("order"));
    write(topics.jobs(), "two", "type", null);
    Seen one = Patience.next(seen);
    Seen two = Patience.next(seen);
    assertThat(one.payload()).isEqualTo("one");
    assertThat(one.headers()).containsExactly(Map.entry("type", "order"));
    assertThat(one.attempt()).isEqualTo(1);
    assertThat(two.headers()).containsExactly(Map.entry("type", ""));
    assertThat(two.id()).isNotEqualTo(one.id());
    atRest();
  }

  @Test
  void recordWithoutEnvelopeKeepsItsIdWhenItIsTriedAgain() throws Exception {
    mail.workBatches(
        WorkOptions.workers(1),
        batch ->
            batch.forEach(
                job -> {
                  seen.add(new Seen(job.id(), job.payload(), job.headers(), job.attempt()));
                  if (job.attempt() == 1) {
                    job.retry(Duration.ZERO, "once more");
                  }
                }));
    write(topics.jobs(), "one", "type", utf8("order"));
    Seen first = Patience.next(seen);
    assertThat(Patience.next(seen))
        .isEqualTo(new Seen(first.id(), "one", Map.of("type", "order"), 2));
    atRest();
  }

  @Test
  void unreadableRecordsBecomeDeadLettersAndHoldUpNothing() throws Exception {
    byte[][] unreadable = {null, {}, {1, 2, 3}, {9}};
    for (byte[] envelope : unreadable) {
      write(topics.jobs(), "bad", "bobbin", envelope);
    }
    write(topics.jobs(), "large", "h", new byte[5_000]);
    write(topics.jobs(), "good", "type", utf8("order"));
    work();
    assertThat(Patience.next(seen).payload()).isEqualTo("good");
    atRest();
    assertThat(seen).isEmpty();
    List<DeadLetter> letters = mail.deadLetters().list(10);
    assertThat(letters).hasSize(5);
    assertThat(letters)
        .extracting(letter -> new String(letter.payload(), StandardCharsets.UTF_8))
        .containsExactly("bad", "bad", "bad", "bad", "large");
    assertThat(letters.get(0).reason()).contains("header bobbin has no value");
    assertThat(letters.get(1).reason()).contains("ends after 0 bytes");
    assertThat(letters.get(2).reason()).contains("ends after 3 bytes");
    assertThat(letters.get(3).reason()).contains("of version 9, expected 1");
    assertThat(letters.get(4).reason()).contains("JobOptions.headers");
    assertThat(mail.status().totals().died()).isEqualTo(5);
  }

  @Test
  void recordsInTheDelayedTopicGoOnToTheWorkers() throws Exception {
    work();
    write(topics.delayed(), "plain", "type", utf8("order"));
    assertThat(Patience.next(seen).payload()).isEqualTo("plain");
    write(topics.delayed(), "bad", "bobbin", null);
    Patience.until("a dead letter", () -> mail.deadLetters().count() == 1);
    atRest();
  }

  @Test
  void recordsInTheDeadTopicThatAreNoLettersAreLeftAlone() throws Exception {
    write(topics.dead(), "no key", "type", null);
    mail.submit("job");
    mail.work(1, payload -> mail.deadLetters().count());
    atRest();
    assertThat(mail.deadLetters().list(10)).isEmpty();
  }

  private void work() {
    mail.workBatches(
        WorkOptions.workers(1),
        batch ->
            batch.forEach(
                job -> seen.add(new Seen(job.id(), job.payload(), job.headers(), job.attempt()))));
  }

  private void atRest() {
    assertThat(mail.awaitIdle(Patience.LONG)).isTrue();
    assertThat(mail.status().counts().unfinished()).isZero();
  }

  private void write(String topic, String payload, String header, byte @Nullable [] value)
      throws ExecutionException, InterruptedException {
    byte[] key = topic.equals(topics.dead()) ? utf8("key") : null;
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, utf8(payload));
    record.headers().add(header, value);
    RecordMetadata written = other.send(record).get();
    assertThat(written.offset()).isNotNegative();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
