package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.BobbinException;
import dev.bobbin.JobId;
import dev.bobbin.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublisherTest {
  private static final Envelope JOB = Envelope.of(new JobId(1, 2), Priority.NORMAL, 3);

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Publisher publisher = new Publisher(producer);
  private final List<@Nullable Exception> answers = new ArrayList<>();

  @Test
  void bytesCountUntilTheBrokersHaveThem() {
    assertThat(publisher.unconfirmedBytes()).isZero();
    send(100);
    long one = publisher.unconfirmedBytes();
    assertThat(one).isBetween(100L, 300L);
    send(1_000);
    assertThat(publisher.unconfirmedBytes()).isEqualTo(2 * one + 900);
    assertThat(answers).isEmpty();
    producer.completeNext();
    assertThat(publisher.unconfirmedBytes()).isEqualTo(one + 900);
    producer.completeNext();
    assertThat(publisher.unconfirmedBytes()).isZero();
    assertThat(answers).containsExactly(null, null);
  }

  @Test
  void whatTheBrokersRefuseIsToldAndNoLongerCounts() {
    send(100);
    RuntimeException refusal = new RecordTooLargeException("too large");
    producer.errorNext(refusal);
    assertThat(answers).containsExactly(refusal);
    assertThat(publisher.unconfirmedBytes()).isZero();
  }

  @Test
  void whatCannotBeBegunIsThrownAndDoesNotCount() {
    producer.sendException = new TimeoutException("no room");
    assertThatThrownBy(() -> send(100)).isSameAs(producer.sendException);
    assertThat(publisher.unconfirmedBytes()).isZero();
    assertThat(answers).isEmpty();
  }

  /**
   * As Kafka's own producer does it when there is no room for a record: it tells of that before it
   * returns, and throws nothing.
   */
  @Test
  void whatIsRefusedWithinTheCallIsThrownToo() {
    TimeoutException full = new TimeoutException("no room within 30 s");
    MockProducer<byte[], byte[]> refusing =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public synchronized Future<RecordMetadata> send(
              ProducerRecord<byte[], byte[]> record, Callback callback) {
            callback.onCompletion(null, full);
            return CompletableFuture.failedFuture(full);
          }
        };
    try (Publisher other = new Publisher(refusing)) {
      assertThatThrownBy(() -> other.send(record(100), answers::add)).isSameAs(full);
      assertThat(other.unconfirmedBytes()).isZero();
      assertThat(answers).isEmpty();
    }
  }

  @Test
  void ageIsThatOfTheOldestUnconfirmedRecord() throws InterruptedException {
    long began = System.nanoTime();
    send(100);
    passMoment();
    long second = System.nanoTime();
    send(100);
    passMoment();
    assertThat(publisher.unconfirmedSince() - began).isGreaterThanOrEqualTo(0);
    assertThat(publisher.unconfirmedSince() - second).isNegative();
    producer.completeNext();
    assertThat(publisher.unconfirmedSince() - second).isGreaterThanOrEqualTo(0);
  }

  /** Marks are a millisecond apart. */
  private static void passMoment() {
    long until = System.nanoTime() + 1_100_000;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void isFullBeforeTheClientIs() {
    ProducerRecord<byte[], byte[]> record = record(1 << 20);
    int records = 0;
    while (!publisher.isFull()) {
      publisher.send(record, answers::add);
      records++;
    }
    // The client may waste half of its memory on batches that the next record does not fit into.
    assertThat(records).isBetween(32, 64);
    while (producer.completeNext()) {
      assertThat(publisher.isFull()).isFalse();
    }
  }

  @Test
  void jobsWithoutPayloadFillItToo() {
    ProducerRecord<byte[], byte[]> record = record(0);
    for (int i = 0; i < 1_000; i++) {
      publisher.send(record, answers::add);
    }
    assertThat(publisher.unconfirmedBytes()).isGreaterThan(1_000 * 28);
  }

  @Test
  void flushOfAClosingQueueIsPatientOnlySoLong() {
    CountDownLatch interrupted = new CountDownLatch(1);
    MockProducer<byte[], byte[]> stuck =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public void flush() {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.countDown();
            }
          }
        };
    try (Publisher other = new Publisher(stuck)) {
      other.send(record(100), answers::add);
      assertThatThrownBy(() -> other.flush("mail", Duration.ofMillis(20)))
          .isInstanceOf(BobbinException.class)
          .hasMessageContaining("queue mail is closed")
          .hasMessageContaining("have not confirmed")
          .hasMessageContaining("may be lost");
      assertThat(interrupted.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void send(int bytes) {
    publisher.send(record(bytes), answers::add);
  }

  private static ProducerRecord<byte[], byte[]> record(int bytes) {
    return Records.of("jobs", null, 0, JOB, Map.of(), new byte[bytes]);
  }
}
