package dev.bobbin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.JobId;
import dev.bobbin.Priority;
import dev.bobbin.QueueOptions;
import dev.bobbin.RecoveryReport;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a job that was handed out, when the broker is in the way. */
class KeeperTest {
  private static final Envelope JOB = Envelope.of(new JobId(1, 2), Priority.NORMAL, 3);
  private static final long AT = 64;

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final LocalBobbin local = LocalBobbin.in(null, Time.system());
  private final Topics topics = new Topics("test", "mail");
  private Keeper keeper;

  @BeforeEach
  void open() {
    Publisher publisher = new Publisher(producer);
    MockConsumer<byte[], byte[]> reader = new MockConsumer<>("earliest");
    reader.updateBeginningOffsets(Map.of(new TopicPartition(topics.dead(), 0), 0L));
    QueueOptions options = QueueOptions.defaults();
    keeper =
        new Keeper(
            topics,
            publisher,
            new DeadTopic(
                topics, publisher, reader, options.deadLetters(), Duration.ofSeconds(30)));
    RecoveryReport found = new RecoveryReport(true, true, 0, 0, 0, 0, 0, 0, Duration.ZERO);
    keeper.begin(local.dispatch("mail", Codec.text(), options, keeper, found), () -> {});
    keeper.ready.sampled(1, keeper.ready.totals());
  }

  @AfterEach
  void close() {
    local.close();
  }

  @Test
  void retriedJobIsDoneWithWhenItsCopyIsConfirmed() {
    InFlight fetch = fetched(AT);
    assertThat(keeper.putOff(AT, 2, 0)).isTrue();
    assertThat(told(fetch)).isEmpty();
    assertThat(keeper.ready.size()).isEqualTo(1);
    producer.completeNext();
    assertThat(told(fetch)).containsExactly("ACCEPT");
    assertThat(keeper.ready.size()).isEqualTo(1);
  }

  @Test
  void retriedJobThatOthersHaveIsNotCopied() {
    InFlight fetch = fetched(AT);
    fetch.keep(record -> false);
    assertThat(keeper.putOff(AT, 2, 0)).isTrue();
    assertThat(keeper.setAside(AT, 2, "why", 5)).isTrue();
    assertThat(producer.history()).isEmpty();
    assertThat(keeper.ready.size()).isEqualTo(1);
  }

  /** As after an error of the consumer that had fetched it. */
  @Test
  void retriedJobOfAForgottenFetchIsNotCopiedNorTakenForAnother() {
    InFlight before = fetched(AT);
    InFlight forgotten = fetched(1_000);
    keeper.remove(forgotten);
    keeper.finished(1_000, 1_064);
    assertThat(keeper.putOff(1_000, 2, 0)).isTrue();
    keeper.giveBack(1_000, 1_064);
    assertThat(producer.history()).isEmpty();
    assertThat(told(before)).isEmpty();
    assertThat(before.isOpen()).isTrue();
  }

  @Test
  void jobGoesBackWhenItsCopyCannotBeBegun() {
    InFlight fetch = fetched(AT);
    producer.sendException = new TimeoutException("no room");
    assertThat(keeper.putOff(AT, 2, 0)).isTrue();
    assertThat(told(fetch)).containsExactly("RELEASE");
    assertThat(keeper.ready.size()).isEqualTo(1);
  }

  @Test
  void jobWhoseLockIsLostWhileItIsCopiedCountsTwiceUntilItsEnd() {
    InFlight fetch = fetched(AT);
    keeper.putOff(AT, 2, 0);
    fetch.keep(record -> false);
    producer.completeNext();
    assertThat(told(fetch)).isEmpty();
    assertThat(keeper.ready.size()).isEqualTo(2);
  }

  @Test
  void delayedJobThatCannotBeMovedOnIsStillDelayed() {
    keeper.delayed.sampled(1, keeper.delayed.totals());
    producer.sendException = new TimeoutException("no room");
    ConsumerRecord<byte[], byte[]> record = record();
    assertThatThrownBy(() -> keeper.moveOn(record, 5, () -> {})).isSameAs(producer.sendException);
    assertThat(keeper.delayed.size()).isEqualTo(1);
    assertThat(keeper.ready.size()).isEqualTo(1);
  }

  private InFlight fetched(long position) {
    InFlight fetch =
        new InFlight(List.of(record()), new long[] {position, position + 64}, () -> {});
    keeper.add(fetch);
    return fetch;
  }

  private static ConsumerRecord<byte[], byte[]> record() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("jobs", 0, 0, null, new byte[] {1});
    record.headers().add(Envelope.HEADER, JOB.bytes());
    return record;
  }

  private static List<String> told(InFlight fetch) {
    List<String> told = new ArrayList<>();
    fetch.tell((record, type) -> told.add(type.name()));
    return told;
  }
}
